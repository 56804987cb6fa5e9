import Gateway
import HTTPServing
import Logging
import Manifests
import NIOCore
import NIOPosix
import WireProtocol

/// One invocation without a port: the same pipeline and a real worker, which ends when it has answered.
public enum LocalInvocation {
    /// Runs it. What a function streams goes to `output` as it comes, and is not part of the outcome's body.
    /// - Throws: `CommandFailure` when the request makes no sense or the function's program is missing.
    public static func run(
        _ request: InvocationRequest, manifest: Manifest, output: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> InvocationOutcome {
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
        let capture = ResponseCapture(on: group.any(), body: request.body, output: output)
        group.any().execute { capture.run { pipeline.accept(incoming, capture) } }
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
            status: Int(response.status.code), body: method == .head ? [] : response.body, isWhole: capture.isWhole,
            summary: "\(method) \(target) \(response.status.code) in \(milliseconds) ms"
                + (capture.isWhole ? "" : ", and the stream broke off"))
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
