import Synchronization

/// Rows of a cursor at the server, fetched a few at a time; other statements of the transaction may run in between.
///
/// `@unchecked Sendable`: one iterator has it, and calls it once at a time.
final class CursorRows<Row: Decodable & Sendable>: RowSource, @unchecked Sendable {
    private enum Phase {
        case new
        case open
        case ended
    }

    private let transaction: PostgresTransaction
    private let sql: SQL
    private let name = "swiftlet_rows_\(CursorNumber.next())"
    private var phase = Phase.new

    init(_ sql: SQL, _ transaction: PostgresTransaction) {
        self.sql = sql
        self.transaction = transaction
    }

    func fetch() async throws -> [Row] {
        if phase == .ended { return [] }
        let isNew = phase == .new
        // An error ends the rows.
        phase = .ended
        if isNew {
            try await transaction.execute("DECLARE \(identifier: name) NO SCROLL CURSOR FOR \(sql)")
        }
        // The number is part of the text, for FETCH takes no parameters.
        let rows = try await transaction.query("FETCH FORWARD 64 FROM \(identifier: name)", as: Row.self)
        if rows.isEmpty {
            try await transaction.execute("CLOSE \(identifier: name)")
        } else {
            phase = .open
        }
        return rows
    }
}

/// Numbers cursors, so that no two of one connection have the same name.
private enum CursorNumber {
    private static let last = Atomic<Int>(0)

    static func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
