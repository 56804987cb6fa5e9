import CLibPQ

/// What the server answered to a statement; frees libpq's memory when nobody needs it.
///
/// `@unchecked Sendable`: nothing changes it, and libpq's reading functions may run at the same time.
final class PostgresResult: @unchecked Sendable {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    var rowCount: Int { Int(PQntuples(handle)) }

    /// How many rows were inserted, changed, deleted or selected; 0 where the statement has no such number.
    var affectedRows: Int {
        guard let text = PQcmdTuples(handle) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// What the server says that it did: `COMMIT`, `INSERT 0 1`.
    var command: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    var isCopy: Bool {
        switch PQresultStatus(handle) {
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: true
        default: false
        }
    }

    /// Whether it is no answer to a statement, but the mark behind the last one of a pipeline.
    var isPipelineEnd: Bool { PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    var isError: Bool {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY: false
        default: true
        }
    }

    /// Itself, or the error that it is.
    func checked() throws -> PostgresResult {
        if isError { throw error }
        return self
    }

    var error: PostgresError {
        var error = PostgresError(
            .server, field("M") ?? message, sqlState: field("C").map(SQLState.init(rawValue:)))
        error.detail = field("D")
        error.hint = field("H")
        error.table = field("t")
        error.column = field("c")
        error.constraint = field("n")
        error.position = field("P").flatMap { Int($0) }
        switch error.sqlState {
        case "26000": error.isStaleStatement = true
        case "0A000":
            // "cached plan must not change result type"; the message may be in any language, this never is.
            error.isStaleStatement = field("R") == "RevalidateCachedQuery"
        default: break
        }
        return error
    }

    private var message: String {
        guard let text = PQresultErrorMessage(handle) else { return "The server's answer makes no sense" }
        var message = String(cString: text)
        while let last = message.last, last.isNewline { message.removeLast() }
        return message.isEmpty ? "The server's answer makes no sense" : message
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }

    /// The rows as values of a type.
    func rows<Row: Decodable>(as type: Row.Type, limit: Int = .max) throws -> [Row] {
        let reader = RowReader(self)
        let count = min(rowCount, limit)
        var rows: [Row] = []
        rows.reserveCapacity(count)
        for row in 0..<count { rows.append(try reader.decode(type, row: Int32(row))) }
        return rows
    }
}
