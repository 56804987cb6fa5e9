import TestSupport
import WorkerLoop

@testable import Postgres

/// Runs the body with a pool on a loop of its own, connected to the tests' server unless `url` says otherwise.
func withPool<Value: Sendable>(
    _ url: String? = nil, minimum: Int = 0, maximum: Int = 4, timeout: Duration = .seconds(20),
    preparedStatements: Int = 100, _ body: @Sendable (PostgresPool) async throws -> Value
) async throws -> Value {
    var configuration = PostgresConfiguration(
        url: try url ?? PostgresServer.shared().url(), minimumConnections: minimum,
        maximumConnections: maximum,
        connectionTimeout: timeout)
    configuration.preparedStatements = preparedStatements
    let loop = try WorkerLoop()
    let thread = try loop.runOnOwnThread()
    defer {
        loop.stop()
        thread.join()
    }
    let pool = try PostgresPool(configuration, on: loop)
    let result: Result<Value, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    // On the loop, so that it is done before the loop stops.
    await withTaskExecutorPreference(loop.taskExecutor) { pool.close() }
    return try result.get()
}

/// What the operation threw as a `PostgresError`; nil for anything else.
func postgresError(_ operation: () async throws -> Void) async -> PostgresError? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// Cancels the operation, which runs `pg_sleep(3600)`, when the server is at it; what it throws then. Afterwards the
/// connection is another one. The pool has one connection to a database of the test's own.
func cancelWhileSleeping(
    _ pool: PostgresPool, _ url: String, _ operation: @escaping @Sendable () async throws -> Void
) async throws -> (any Error)? {
    try await withPool(url, maximum: 1) { watcher async throws in
        let before = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) ?? 0
        let task = Task(operation: operation)
        let isAtIt = try await eventually {
            try await watcher.queryOne(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = \(before) AND wait_event = 'PgSleep'", as: Int.self)
                == 1
        }
        task.cancel()
        guard isAtIt, case .failure(let error) = await task.result else { return nil }
        let after = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
        let isGone = try await eventually {
            try await watcher.query("SELECT 1 FROM pg_stat_activity WHERE pid = \(before)", as: Int.self).isEmpty
        }
        return isGone && after != before ? error : nil
    }
}

/// Asks again and again until the answer is yes, for 20 s at most; whether it became yes.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = LoopInstant.now.advanced(by: .seconds(20))
    while LoopInstant.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}
