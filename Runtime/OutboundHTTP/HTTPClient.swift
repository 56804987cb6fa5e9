import WorkerLoop

/// Sends HTTP requests and gathers the answers; connections are kept and used again.
///
/// One client serves any number of requests at the same time: 32 connections to one host at most, further requests
/// wait. It remembers no cookies and no credentials. Methods may be called from any thread; the work is done on the
/// loop.
public final class HTTPClient: Sendable {
    private let loop: WorkerLoop
    private let engine: CurlEngine
    private let names: NameCache

    /// A client whose work is done on `loop`.
    ///
    /// `certificateAuthorities` is the path of a file in PEM form that is trusted in place of the system's
    /// authorities. Throws `HTTPClientError` when libcurl has no memory.
    public init(on loop: WorkerLoop, certificateAuthorities: String? = nil) throws {
        self.loop = loop
        engine = try CurlEngine(loop: loop, certificateAuthorities: certificateAuthorities)
        names = NameCache(loop: loop)
    }

    deinit {
        close()
    }

    /// Sends a request and answers with the whole response, whatever its status; redirects are not followed.
    ///
    /// Throws `HTTPClientError`, or `CancellationError` when the task is cancelled; the connection is then closed.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if loop.isCurrent { return try await sendHere(request) }
        return try await withTaskExecutorPreference(loop.taskExecutor) { try await sendHere(request) }
    }

    /// Closes all connections; requests under way and later ones throw `HTTPClientError` of kind `closed`.
    public func close() {
        let engine = engine
        if loop.isCurrent {
            engine.close()
        } else {
            loop.post { engine.close() }
        }
    }

    private func sendHere(_ request: HTTPRequest) async throws -> HTTPResponse {
        let start = loop.now()
        try request.check()
        let address = try RequestAddress(request.url)
        let resolution = try await resolve(address, within: min(request.connectTimeout, request.timeout))
        try Task.checkCancellation()
        let left = request.timeout - start.duration(to: loop.now())
        guard left > .zero else { throw HTTPClientError(.timedOut, "The request took too long") }
        let transfer = Transfer(request: request, address: address, resolution: resolution, timeout: left)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.continuation = continuation
                engine.start(transfer)
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { engine.cancel(transfer) }
            }
        } onCancel: {
            loop.post { [engine] in engine.cancel(transfer) }
        }
    }

    /// What libcurl has to be told so that it looks up no name; nil for a numeric host.
    private func resolve(_ address: RequestAddress, within limit: Duration) async throws -> String? {
        do {
            let names = names
            let addresses = try await names.addresses(of: address.host, within: limit)
            if addresses == [address.host] { return nil }
            let list = addresses.map { $0.utf8.contains(UInt8(ascii: ":")) ? "[\($0)]" : $0 }
            // The plus makes libcurl forget it after a while.
            return "+\(address.host):\(address.port):\(list.joined(separator: ","))"
        } catch let failure as HostLookupFailure {
            throw HTTPClientError(.nameNotResolved, "The host's name has no address (\(failure.reason))")
        } catch is DeadlineExceeded {
            throw HTTPClientError(.timedOut, "The host's name was not found in time")
        } catch let failure as SystemCallFailure {
            throw HTTPClientError(.nameNotResolved, "The host's name cannot be looked up (\(failure))")
        }
    }
}
