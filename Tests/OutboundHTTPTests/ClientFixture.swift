import WorkerLoop

@testable import OutboundHTTP

/// Runs the body with a client on a loop of its own.
func withClient<Value: Sendable>(
    _ configuration: HTTPClientConfiguration = .init(), _ body: @Sendable (HTTPClient) async throws -> Value
) async throws -> Value {
    let loop = try WorkerLoop()
    let thread = try loop.runOnOwnThread()
    defer {
        loop.stop()
        thread.join()
    }
    let client = try HTTPClient(configuration, on: loop)
    let result: Result<Value, any Error>
    do { result = .success(try await body(client)) } catch { result = .failure(error) }
    // On the loop, so that it is done before the loop stops.
    await withTaskExecutorPreference(loop.taskExecutor) { client.close() }
    return try result.get()
}

/// The kind of `HTTPClientError` that the operation threw; nil for anything else.
func failure(_ operation: () async throws -> Void) async -> HTTPClientError.Kind? {
    do {
        try await operation()
        return nil
    } catch {
        return (error as? HTTPClientError)?.kind
    }
}

/// Asks again and again until the answer is yes, for 20 s at most; whether it became yes.
func eventually(_ condition: () -> Bool) async -> Bool {
    let end = LoopInstant.now.advanced(by: .seconds(20))
    while LoopInstant.now < end {
        if condition() { return true }
        await Task.yield()
    }
    return false
}

/// An HTTP/1.1 answer with a length.
func answer(_ status: String = "200 OK", _ headers: [String] = [], body: String = "") -> [UInt8] {
    let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}

/// Retries whose pauses are hardly any.
extension RetryPolicy {
    static let quick = RetryPolicy(attempts: 3, firstDelay: .milliseconds(1), longestDelay: .milliseconds(2))
}
