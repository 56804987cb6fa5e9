import Gateway
import HTTPServing
import Logging
import Manifests
import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

/// One invocation without a port: the same pipeline and a real worker, which ends when it has answered.
public enum LocalInvocation {
    /// Runs it.
    /// - Throws: `CommandFailure` when the request makes no sense or the function's program is missing.
    public static func run(_ request: InvocationRequest, manifest: Manifest) async throws -> InvocationOutcome {
        let (method, target) = try request.target(in: manifest)
        if InvocationRequest.isHealth(target) {
            throw CommandFailure("Health is the running server's to tell; ask it with --live.")
        }
        let start = ContinuousClock.now
        ProcessLimits.prepare()
        let state = try StateDirectory(of: manifest)
        var quiet = manifest
        quiet.log.requests = .none
        for index in quiet.functions.indices { quiet.functions[index].scale.min = 0 }
        let log = GatewayLogging(quiet.log)
        defer { log.writer.close() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let caller = Caller(id: request.identity, roles: request.roles, scopes: request.scopes)
        let gateway = try RunningGateway(quiet, secret: state.secret(for: quiet), log: log, group: group) {
            caller == .anonymous ? $0 : CallerInvoker($0, caller: caller)
        }
        let health = try HealthChecks(HealthSettings())
        let pipeline = RequestPipeline(
            gateway.generation, loops: 1, observer: RequestLog(log), health: health)
        let incoming = try head(request, method, target)
        let capture = ResponseCapture()
        let body = request.body
        group.any().execute {
            if case .gather(let limit, let receiver) = pipeline.accept(incoming, capture) {
                if body.count > limit { receiver.failed(.bodyTooLarge) } else { receiver.gathered(body) }
            }
        }
        let response = await capture.response()
        let milliseconds = InvocationOutcome.milliseconds(start.duration(to: .now))
        await gateway.stop(grace: .seconds(2))
        try? await group.shutdownGracefully()
        if response.status.code == 503,
            let problem = ManifestSource.missingExecutables(manifest).first(where: {
                $0.line == request.function.flatMap { manifest.function(FunctionName(rawValue: $0))?.location.line }
            })
        {
            throw CommandFailure(problem.description)
        }
        return InvocationOutcome(
            status: Int(response.status.code), body: method == .head ? [] : response.body,
            summary: "\(method) \(target) \(response.status.code) in \(milliseconds) ms")
    }

    /// The request as the front door would have read it, by the front door's own parser.
    private static func head(
        _ request: InvocationRequest, _ method: Method, _ target: String
    ) throws -> IncomingRequest {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !request.has(header: "host") { text += "host: localhost\r\n" }
        for (name, value) in request.headers {
            guard !(name + value).utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
                throw CommandFailure("The header `\(name)` holds a line break or NUL; a header is one line.")
            }
            guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
                throw CommandFailure("The header `\(name)` is written by the command itself; leave it out.")
            }
            text += "\(name): \(value)\r\n"
        }
        text += "content-length: \(request.body.count)\r\n\r\n"
        do {
            return try RequestReading.head(Array(text.utf8))
        } catch {
            throw CommandFailure("This is no acceptable request (\(error.rawValue)): \(method) \(target)")
        }
    }
}

/// Keeps the one response of an invocation until it is asked for.
private final class ResponseCapture: Responder {
    private struct State {
        var response: OutgoingResponse?
        var waiting: CheckedContinuation<OutgoingResponse, Never>?
    }
    private let state = Mutex(State())

    func response() async -> OutgoingResponse {
        await withCheckedContinuation { continuation in
            let response = state.withLock { state in
                if state.response == nil { state.waiting = continuation }
                return state.response
            }
            if let response { continuation.resume(returning: response) }
        }
    }

    func respond(_ response: OutgoingResponse) {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            guard state.response == nil else { return nil as CheckedContinuation<OutgoingResponse, Never>? }
            state.response = response
            return state.waiting
        }
        waiting?.resume(returning: response)
    }

    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {
        respond(OutgoingResponse(status: status, headers: headers))
    }
    func write(_ bytes: [UInt8]) -> Bool { true }
    func finish() {}
    func abort() {}
    func whenWritable(_ callback: @escaping @Sendable () -> Void) {}
}
