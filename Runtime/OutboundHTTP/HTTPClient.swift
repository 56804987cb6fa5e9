import JSONCoding
import WorkerLoop

/// Sends HTTP requests to other services; connections are kept and used again.
///
/// One client serves any number of requests at the same time, over HTTP/2 where a server has it by ALPN, else over a
/// limited number of HTTP/1.1 connections, for which further requests wait. It remembers no cookies and no credentials,
/// checks certificates, follows redirects only when asked to, repeats what may be repeated (`RetryPolicy`), and passes
/// the caller's request id, trace and deadline on (`HTTPRequest.passesTrace`, `HTTPRequest.timeout`). Answers come as
/// they were sent: no compression is asked for or undone. Methods may be called from any thread; the work is done on
/// the loop.
public final class HTTPClient: Sendable {
    let loop: WorkerLoop
    let requests: CurlEngine
    let streams: CurlEngine
    let names: NameCache
    let proxy: RequestAddress?

    /// A client whose work is done on `loop`. Throws `HTTPClientError` of kind `invalidRequest` for a configuration
    /// that makes no sense.
    public init(_ configuration: HTTPClientConfiguration = .init(), on loop: WorkerLoop) throws {
        try configuration.check()
        self.loop = loop
        do {
            proxy = try configuration.proxy.map { try RequestAddress($0) }
        } catch {
            throw HTTPClientError(.invalidRequest, "The proxy's address is no http or https URL")
        }
        requests = CurlEngine(.requests, loop: loop, configuration: configuration)
        streams = CurlEngine(.streams, loop: loop, configuration: configuration)
        names = NameCache(loop: loop)
    }

    /// The client of a worker, on the worker's loop; throws as the other does.
    public convenience init(
        _ configuration: HTTPClientConfiguration = .init(), _ startup: some StartupEnvironment
    ) throws {
        try self.init(configuration, on: startup.loop)
    }

    deinit {
        close()
    }

    /// Sends a request and answers with the whole response, whatever its status.
    ///
    /// Throws `HTTPClientError`, `CancellationError` when the task is cancelled (the connection is then closed), and
    /// what a streamed body's producer throws.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if loop.isCurrent { return try await sendHere(request) }
        return try await withTaskExecutorPreference(loop.taskExecutor) { try await sendHere(request) }
    }

    /// Sends a request and decodes the answer's JSON, with `Accept: application/json` unless the request has another.
    ///
    /// Throws as `send` does; `HTTPClientError` of kind `unexpectedStatus` unless the status is 200 to 299; and
    /// `JSONDecodingError`.
    public func decode<Value: Decodable>(
        _ type: Value.Type, from request: HTTPRequest, options: JSONDecodingOptions = .init()
    ) async throws -> Value {
        var request = request
        if request.headers["accept"] == nil { request.headers.append("Accept", "application/json") }
        let response = try await send(request)
        guard response.isSuccess else {
            throw HTTPClientError(
                .unexpectedStatus(response.status), "The answer's status is \(response.status)",
                mayHaveBeenSent: true)
        }
        return try response.decode(type, options: options)
    }

    /// Closes all connections; requests under way and later ones throw `HTTPClientError` of kind `closed`.
    public func close() {
        let (requests, streams) = (requests, streams)
        let work: @Sendable () -> Void = {
            requests.close()
            streams.close()
        }
        if loop.isCurrent { work() } else { loop.post(work) }
    }

    private func sendHere(_ request: HTTPRequest) async throws -> HTTPResponse {
        let exchange = Exchange(request, delivery: .whole, client: self)
        let result: Result<Transfer, any Error>
        do { result = .success(try await exchange.run()) } catch { result = .failure(error) }
        await exchange.close()
        let transfer = try result.get()
        return HTTPResponse(
            status: transfer.head.status, headers: transfer.head.headers, body: transfer.takeBody())
    }
}
