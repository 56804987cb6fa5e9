import FunctionKit
import Glibc
import Postgres

/// A handler that keeps a database connection as long as it is told; for the tests of the budget of connections.
@main struct LeaseProbe: Function {
    struct Input: Decodable, Sendable {
        /// How long the statement takes, in milliseconds.
        var ms: Int?
        /// The statement takes until this gate is open (a row in the table `gates`).
        var gate: String?
        /// Ends the process.
        var trap: Bool?
        /// Asks nothing of the database.
        var idle: Bool?
    }
    struct Answer: Encodable, Sendable {
        let pid: Int32
        let backend: Int?
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Answer {
        if input.trap == true { abort() }
        if input.idle == true { return Answer(pid: getpid(), backend: nil) }
        if let gate = input.gate {
            let backend = try await database.queryOne(
                "SELECT pg_backend_pid() FROM wait_for_gate(\(gate))", as: Int.self)
            return Answer(pid: getpid(), backend: backend)
        }
        let seconds = Double(input.ms ?? 0) / 1000
        let backend = try await database.queryOne(
            "SELECT pg_backend_pid() FROM pg_sleep(\(seconds))", as: Int.self)
        return Answer(pid: getpid(), backend: backend)
    }
}
