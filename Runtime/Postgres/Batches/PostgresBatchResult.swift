/// What one statement of a batch gave.
public struct PostgresBatchResult: Sendable {
    let result: PostgresResult

    /// How many rows the statement inserted, changed, deleted or selected; 0 for statements that have no such number.
    public var affectedRows: Int { result.affectedRows }

    /// The statement's rows, decoded as `PostgresPool.query` does. Throws `PostgresError` of kind `decoding`.
    public func rows<Row: Decodable>(as type: Row.Type = Row.self) throws -> [Row] {
        try result.rows(as: type)
    }

    /// The statement's first row; nil if there is none. Throws as `rows` does.
    public func row<Row: Decodable>(as type: Row.Type = Row.self) throws -> Row? {
        try result.rows(as: type, limit: 1).first
    }
}
