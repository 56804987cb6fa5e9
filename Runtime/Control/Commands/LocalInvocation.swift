import Gateway
import HTTPServing
import Logging
import Manifests
import NIOCore
import NIOPosix
import WireProtocol

/// One invocation without a port: the same pipeline and a real worker, which ends when it has answered.
public enum LocalInvocation {
    /// Runs it. Idempotency keys are the running server's: here they are read and not kept. What a function streams goes to `output` as it comes, and is not part of the outcome's body; without an
    /// `output` it is.
    /// - Throws: `CommandFailure` when the request makes no sense or the function's program is missing.
    public static func run(
        _ request: InvocationRequest, manifest: Manifest, output: (@Sendable ([UInt8]) -> Void)?
    ) async throws -> InvocationOutcome {
        try request.checkHeaders()
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
        let logger = log.logger("swiftlet")
        let keys = try KeySetRefresh(quiet.auth) { logger.warning("\($0)") }
        let refreshing = keys.map { keys in Task { await keys.refresh() } }
        defer { refreshing?.cancel() }
        let gateway = try RunningGateway(
            quiet, state: state, log: log, group: group, keys: keys?.source,
            caller: caller == .anonymous ? nil : caller, keepsIdempotencyKeys: false)
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
            status: Int(response.status.code), headers: response.headers.fields.map { ($0.name, $0.value) },
            body: method == .head ? [] : response.body, milliseconds: milliseconds, isWhole: capture.isWhole,
            summary: "\(method) \(target) \(response.status.code) in \(milliseconds) ms"
                + (capture.isWhole ? "" : ", and the stream broke off"))
    }

    /// The request as the front door would have read it, by the front door's own parser.
    private static func head(
        _ request: InvocationRequest, _ method: Method, _ target: String
    ) throws -> IncomingRequest {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !request.has(header: "host") { text += "host: localhost\r\n" }
        for (name, value) in request.headers { text += "\(name): \(value)\r\n" }
        text += "content-length: \(request.body.count)\r\n\r\n"
        do {
            return try RequestReading.head(Array(text.utf8))
        } catch {
            throw CommandFailure("This is no acceptable request (\(error.rawValue)): \(method) \(target)")
        }
    }
}
