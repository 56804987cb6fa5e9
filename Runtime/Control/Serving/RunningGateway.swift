import Foundation
import Gateway
import Logging
import Manifests
import NIOCore
import NIOPosix
import WireProtocol
import Workers

/// One manifest's pools and the generation that routes to them.
final class RunningGateway: Sendable {
    let pools: WorkerPools
    let loops: [any EventLoop]
    private let host: WorkerHost
    let generation: GatewayGeneration
    var loopCount: Int { loops.count }
    /// Where idempotency keys are kept; nil where no function of the manifest has any.
    private let idempotency: SQLiteIdempotencyStore?
    /// The database connections of all workers; nil where the manifest has no database.
    var connections: ConnectionStatus? { host.connections }

    /// Makes the pools; no worker is started before `start` or a request.
    /// - Parameters:
    ///   - state: where keys and secrets are kept.
    ///   - keys: the key set that tokens are verified by, where the manifest has the URL of one.
    ///   - caller: who makes every request, whatever it shows; nil: what it shows decides.
    ///   - keepsIdempotencyKeys: whether idempotency keys are kept; one gateway at a time can have the file.
    /// - Throws: `CommandFailure` when the system has no thread or descriptor for it, or a schema of the manifest is wrong.
    init(
        _ manifest: Manifest, state: StateDirectory, log: GatewayLogging, group: MultiThreadedEventLoopGroup,
        keys: KeySetSource? = nil, caller: Caller? = nil, keepsIdempotencyKeys: Bool = true
    ) throws {
        let secret = try state.secret(for: manifest)
        let loops = Array(group.makeIterator())
        self.loops = loops
        let observer = PoolLog(writer: log.writer, style: log.style, level: log.level)
        let inherited = ProcessInfo.processInfo.environment
        do {
            host = try WorkerHost(
                loops: loops, observer: observer, output: observer,
                connections: manifest.database.map { ConnectionLimits($0) })
        } catch {
            throw CommandFailure("No workers can be run: \(error)")
        }
        let host = self.host
        pools = WorkerPools(
            manifest.functions.map { function in
                host.pool(
                    WorkerSpecification(function, in: manifest, inherited: inherited),
                    PoolSettings(function, cores: PoolSettings.availableCores))
            }, host: host)
        let logger = log.logger("swiftlet")
        let hasKeys = keepsIdempotencyKeys && manifest.functions.contains { $0.idempotency != nil }
        idempotency =
            hasKeys
            ? SQLiteIdempotencyStore(path: state.idempotencyFile) { problem in
                if let problem {
                    logger.error("\(problem)")
                } else {
                    logger.notice("idempotency keys are kept again")
                }
            } : nil
        let services = GatewayServices(
            executor: EventLoopHandoff(loops: loops), idempotency: idempotency, warn: { logger.warning("\($0)") })
        do {
            generation = try GatewayGeneration(
                manifest, invoker: pools, secret: secret, services: services, keys: keys, caller: caller)
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    /// Starts the workers that are always kept (`scale.min`).
    func start() { pools.start() }

    /// How many requests workers have or are waited for with.
    func requestsInFlight() async -> Int {
        await pools.status(within: .zero).reduce(0) { $0 + $1.inFlight + $1.queued }
    }

    /// Ends all workers at once; `stop`, under way or to come, ends the rest.
    func cutOff() async { await pools.stop(grace: .zero) }

    /// Ends all workers; those that are at work have `grace` to finish.
    func stop(grace: Duration) async {
        await pools.stop(grace: grace)
        await host.stop()
        idempotency?.close()
    }
}
