/// Whatever statements can be sent to: a pool, or a transaction.
///
/// For functions that are to work in both: `func stock(of id: Int, _ database: some PostgresSession) async throws`.
public protocol PostgresSession: Sendable {
    /// Runs a statement and decodes its rows; see `PostgresPool.query(_:as:)`.
    func query<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type) async throws -> [Row]

    /// Runs a statement and decodes its first row; nil if there is none.
    func queryOne<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type) async throws -> Row?

    /// Runs a statement and answers how many rows it inserted, changed, deleted or selected.
    @discardableResult
    func execute(_ sql: SQL) async throws -> Int
}

extension PostgresSession {
    /// Runs a statement and decodes its rows, of the type that the caller expects.
    public func query<Row: Decodable & Sendable>(_ sql: SQL) async throws -> [Row] {
        try await query(sql, as: Row.self)
    }

    /// Runs a statement and decodes its first row, of the type that the caller expects; nil if there is none.
    public func queryOne<Row: Decodable & Sendable>(_ sql: SQL) async throws -> Row? {
        try await queryOne(sql, as: Row.self)
    }
}
