import Manifests
import OutboundHTTP
import WorkerLoop

/// One invocation through the running server: an ordinary HTTP request to where the manifest listens.
public enum LiveInvocation {
    /// Sends it and waits for the answer, at most a minute.
    /// - Throws: `CommandFailure` when the request makes no sense or nobody answers.
    public static func run(_ request: InvocationRequest, manifest: Manifest) async throws -> InvocationOutcome {
        try request.checkHeaders()
        let (method, target) = try request.target(in: manifest)
        guard let base = base(of: manifest) else {
            throw CommandFailure("--live needs a TCP address with a port in `server.listen`.")
        }
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        defer {
            loop.stop()
            thread.join()
        }
        var headers = HTTPHeaders()
        for (name, value) in request.headers { headers.append(name, value) }
        let client = try HTTPClient(on: loop)
        let start = ContinuousClock.now
        do {
            let answer = try await client.send(
                HTTPRequest(
                    method.description, base + target, headers: headers, body: .bytes(request.body),
                    timeout: .seconds(60)))
            let milliseconds = InvocationOutcome.milliseconds(start.duration(to: .now))
            return InvocationOutcome(
                status: answer.status, headers: answer.headers.map { ($0.name.lowercased(), $0.value) },
                body: answer.body, milliseconds: milliseconds, isWhole: true,
                summary: "\(method) \(target) \(answer.status) in \(milliseconds) ms, by the server at \(base)")
        } catch let error as HTTPClientError {
            if error.kind == .connectionFailed {
                throw CommandFailure("Nobody answers at \(base); start the server with `swiftlet serve`.")
            }
            throw CommandFailure("The server at \(base) did not answer: \(error)")
        }
    }

    private static func base(of manifest: Manifest) -> String? {
        for address in manifest.server.listen {
            guard case .tcp(let host, let port) = address, port != 0 else { continue }
            let reachable =
                host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "[::1]" : host.contains(":") ? "[\(host)]" : host
            return "http://\(reachable):\(port)"
        }
        return nil
    }
}

extension InvocationOutcome {
    /// A duration in milliseconds with two decimals.
    static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1000 + (Double(attoseconds) / 1e13).rounded() / 100
    }
}
