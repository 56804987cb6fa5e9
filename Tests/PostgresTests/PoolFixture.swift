import TestSupport
import WorkerLoop

@testable import Postgres

/// Runs the body with a pool on a loop of its own, connected to the tests' server unless `url` says otherwise.
func withPool<Value: Sendable>(
    _ url: String? = nil, minimum: Int = 0, maximum: Int = 4, timeout: Duration = .seconds(20),
    _ body: @Sendable (PostgresPool) async throws -> Value
) async throws -> Value {
    let configuration = PostgresConfiguration(
        url: try url ?? PostgresServer.shared().url(), minimumConnections: minimum,
        maximumConnections: maximum,
        connectionTimeout: timeout)
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

/// Asks again and again until the answer is yes, for 20 s at most; whether it became yes.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = LoopInstant.now.advanced(by: .seconds(20))
    while LoopInstant.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}
