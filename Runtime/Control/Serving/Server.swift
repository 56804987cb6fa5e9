// Control puts Swiftlet together: it loads a manifest, starts pools, pipeline and listeners, and ends them in order.
//
// It knows every module. Nothing but the command knows it.

import Gateway
import HTTPServing
import Logging
import Manifests
import NIOCore
import NIOPosix
import ServiceLifecycle
import Telemetry
import Workers

/// `swiftlet serve`: the gateway of one manifest, from its start to the end of its graceful shutdown.
public enum Server {
    /// Serves the manifest until SIGTERM or SIGINT; until SIGHUP too where standard error is a terminal, since that is
    /// gone then. Elsewhere SIGHUP is a warning in the log.
    ///
    /// On a signal `/health/ready` turns 503 at once; after `server.shutdownDelay` nothing more is accepted, what is
    /// in flight has `server.shutdown` to finish, then the workers are ended. A second signal, half a second later or
    /// more, ends all of it at once.
    /// - Throws: `CommandFailure` when something stands in the way of serving; nothing is left half started.
    public static func run(_ manifest: Manifest) async throws {
        let problems = ManifestSource.missingExecutables(manifest)
        guard problems.isEmpty else {
            throw CommandFailure(problems.map(\.description).joined(separator: "\n"))
        }
        ProcessLimits.prepare()
        let state = try StateDirectory(of: manifest)
        let log = GatewayLogging(manifest.log)
        defer { log.writer.close() }
        let logger = log.logger("swiftlet")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads(of: manifest))
        do {
            try await serve(manifest, state, log, logger, group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try? await group.shutdownGracefully()
    }

    /// `server.threads`, or one loop for each core that this process may use.
    static func threads(of manifest: Manifest) -> Int {
        manifest.server.threads > 0 ? manifest.server.threads : PoolSettings.availableCores
    }

    private static func serve(
        _ manifest: Manifest, _ state: StateDirectory, _ log: GatewayLogging, _ logger: Logger,
        _ group: MultiThreadedEventLoopGroup
    ) async throws {
        let keys = try KeySetRefresh(manifest.auth) { logger.warning("\($0)") }
        let gateway = try RunningGateway(manifest, state: state, log: log, group: group, keys: keys?.source)
        let health = try HealthChecks(manifest.health)
        let refusals = RefusalCounts()
        let requestLog = RequestLog(log, refusals: refusals)
        let pipeline = RequestPipeline(
            gateway.generation, loops: gateway.loopCount,
            observer: requestLog, health: health)
        let observer = FrontDoorLog(logger, refusals: refusals)
        var configuration = HTTPServerConfiguration(manifest)
        configuration.maxConnections = ProcessLimits.connections(
            wanted: manifest.server.maxConnections, workers: manifest.functions.reduce(0) { $0 + $1.scale.max })
        if configuration.maxConnections < manifest.server.maxConnections {
            logger.warning(
                "the limit of open files (ulimit -n) allows fewer connections than server.maxConnections",
                metadata: ["connections": "\(configuration.maxConnections)"])
        }
        let front = HTTPServer(configuration: configuration, group: group, handler: pipeline, observer: observer)
        let status = StatusJSON(manifest: manifest, gateway: gateway, front: front, refusals: refusals)
        let adminSocket = HTTPServer(
            configuration: .admin, group: group,
            handler: AdminHandler(source: status, health: health, observer: requestLog, isPrivate: true))
        let admin = HTTPServer(
            configuration: .admin, group: group,
            handler: AdminHandler(source: status, health: health, observer: requestLog, isPrivate: false))

        let signals: StopSignals
        do {
            let addresses = try await front.bind(
                to: manifest.server.listen.map { try ListenEndpoint($0, in: manifest.directory) })
            status.listens(on: addresses)
            try await open(adminSocket, in: state)
            var adminAddresses: [ListenEndpoint] = []
            if let address = manifest.server.admin {
                adminAddresses = try await admin.bind(to: [ListenEndpoint(address, in: manifest.directory)])
            }
            signals = StopSignals()
            for address in addresses { logger.info("listening", metadata: ["address": "\(address)"]) }
            for address in adminAddresses { logger.info("admin is listening", metadata: ["address": "\(address)"]) }
        } catch {
            await front.drain(grace: .zero)
            await adminSocket.drain(grace: .zero)
            await admin.drain(grace: .zero)
            await gateway.stop(grace: .zero)
            throw CommandFailure("\(error)")
        }
        gateway.start()

        // Services end in the opposite order: first the door is closed, the workers last.
        let delay = manifest.server.shutdownDelay
        let grace = manifest.server.shutdown
        let patience = Patience()
        let own: [any Service] = [
            health,
            WorkersService(gateway: gateway, patience: patience),
            FrontDoor(server: adminSocket, grace: .seconds(1), patience: patience, onShutdown: {}),
            FrontDoor(server: admin, grace: .seconds(1), patience: patience, onShutdown: {}),
            FrontDoor(server: front, grace: grace, patience: patience) {
                health.beginShutdown()
                let count = await gateway.requestsInFlight()
                logger.info("shutting down\(Self.waiting(for: count, atMost: grace))")
                if delay > .zero { await patience.wait(for: delay) }
            },
        ]
        let services = (keys.map { [$0 as any Service] } ?? []) + own
        let lifecycle = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await signals.each { action in
                    switch action {
                    case .drain: await lifecycle.triggerGracefulShutdown()
                    case .cut:
                        logger.warning("a second signal: stopping at once")
                        patience.lose()
                        await front.drain(grace: .zero)
                        await gateway.cutOff()
                    case .warn:
                        logger.warning(
                            "SIGHUP: a changed manifest is not applied while serving yet; restart the server")
                    case .ignore: break
                    }
                }
            }
            defer { group.cancelAll() }
            try await lifecycle.run()
        }
        logger.info("stopped")
    }

    /// Listens on the admin socket, for the server's own user alone.
    private static func open(_ server: HTTPServer, in state: StateDirectory) async throws {
        do {
            _ = try await server.bind(to: [.unix(path: state.adminSocket)])
        } catch let failure as ListenFailure where failure.isInUse {
            throw CommandFailure(
                "another swiftlet serves from this folder (\(state.path)); stop it, or serve the other manifest from a "
                    + "folder of its own")
        }
        ProcessLimits.makePrivate(state.adminSocket)
    }

    /// What the log says of requests in flight when the server stops.
    private static func waiting(for count: Int, atMost grace: Duration) -> String {
        guard count > 0 else { return "" }
        let milliseconds = Int(InvocationOutcome.milliseconds(grace))
        let time = milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
        return ": waiting for \(count) \(count == 1 ? "request" : "requests"), at most \(time)"
    }
}
