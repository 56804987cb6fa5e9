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
    /// The database connections of all workers; nil where the manifest has no database.
    var connections: ConnectionStatus? { host.connections }

    /// Makes the pools; no worker is started before `start` or a request.
    /// - Parameters:
    ///   - secret: what cursors are signed with.
    ///   - wrapping: what stands between pipeline and pools; nothing by default.
    /// - Throws: `CommandFailure` when the system has no thread or descriptor for it.
    init(
        _ manifest: Manifest, secret: [UInt8], log: GatewayLogging, group: MultiThreadedEventLoopGroup,
        wrapping: (any Invoker) -> any Invoker = { $0 }
    ) throws {
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
        generation = GatewayGeneration(manifest, invoker: wrapping(pools), secret: secret)
    }

    /// Starts the workers that are always kept (`scale.min`).
    func start() { pools.start() }

    /// Ends all workers; those that are at work have `grace` to finish.
    func stop(grace: Duration) async {
        await pools.stop(grace: grace)
        await host.stop()
    }
}
