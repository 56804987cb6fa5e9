import JSONCoding
import Manifests
import OutboundHTTP
import WorkerLoop

/// One invocation through the running server: an ordinary HTTP request to where it listens.
public enum LiveInvocation {
    private struct Status: Decodable {
        let listen: [String]
    }

    /// Sends it and waits for the answer, at most a minute. The admin socket tells where the server listens, else the
    /// manifest. A caller of the request becomes a token by the manifest's secret, good for a minute.
    /// - Throws: `CommandFailure` when the request makes no sense, no token can be made or nobody answers.
    public static func run(_ request: InvocationRequest, manifest: Manifest) async throws -> InvocationOutcome {
        try request.checkHeaders()
        let (method, target) = try request.target(in: manifest)
        let bearer = try token(for: request, manifest)
        guard let base = Self.base(of: running(manifest)) ?? Self.base(of: manifest.server.listen) else {
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
        if let bearer { headers.append("authorization", "Bearer \(bearer)") }
        let client = try HTTPClient(on: loop)
        let start = ContinuousClock.now
        do {
            let answer = try await client.send(
                HTTPRequest(
                    method.description, base + target, headers: headers, body: .bytes(request.body),
                    timeout: .seconds(60), retries: .never))
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

    /// What proves the request's caller; nil for an anonymous one.
    static func token(for request: InvocationRequest, _ manifest: Manifest) throws -> String? {
        guard let id = request.identity else {
            guard request.roles.isEmpty && request.scopes.isEmpty else {
                throw CommandFailure.usage("With --live, --role and --scope need --as ID: the token names its caller.")
            }
            return nil
        }
        guard !request.has(header: "authorization") else {
            throw CommandFailure.usage("--as makes an `Authorization` header; leave one of the two out.")
        }
        return try TokenMaker.make(
            manifest, id: id, roles: request.roles, scopes: request.scopes, lifetime: .seconds(60)
        ).text
    }

    /// Where the server of this manifest says that it listens; empty when it does not say.
    private static func running(_ manifest: Manifest) -> [ListenAddress] {
        guard let answer = try? AdminClient(manifestPath: manifest.path).get("/status"),
            let status = try? JSONDecoding.decode(Status.self, from: answer)
        else { return [] }
        return status.listen.compactMap { ListenAddress($0) }
    }

    /// The URL of the first address that one can connect to over TCP.
    static func base(of addresses: [ListenAddress]) -> String? {
        for address in addresses {
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
