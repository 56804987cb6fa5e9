import NIOCore

/// What all pools share: the event loops, the thread that starts processes, and who hears of it.
///
/// Made once, before the first pool. `stop` ends its thread; every process still there dies with it.
public final class WorkerHost: Sendable {
    let ports: [LoopPort]
    let spawner: Spawner
    let observer: any PoolObserver
    let output: any WorkerLogSink
    /// Who may open database connections.
    let broker: ConnectionBroker

    /// Workers' sockets will live on these event loops; a loop's place is its index in `Invoker.invoke`. Needs one at
    /// least, made by NIOPosix. `startsAtOnce` workers of all pools start at a time, by default two a core. `connections`
    /// limits the database connections of workers that use the database; nil: there is no database. Throws
    /// `WorkerHostFailure` when the system has no thread or descriptor left.
    public init(
        loops: [any EventLoop], observer: any PoolObserver, output: any WorkerLogSink,
        startsAtOnce: Int = PoolSettings.availableCores * 2, connections: ConnectionLimits? = nil
    ) throws(WorkerHostFailure) {
        guard !loops.isEmpty else { throw WorkerHostFailure(message: "no event loop was given") }
        let ports = loops.enumerated().map { LoopPort(index: $0.offset, eventLoop: $0.element) }
        for port in ports { port.connect(ports) }
        self.ports = ports
        broker = ConnectionBroker(connections, home: ports[0])
        self.observer = observer
        self.output = output
        do {
            spawner = try Spawner(startsAtOnce: startsAtOnce, output: output)
        } catch {
            throw WorkerHostFailure(message: "the thread that starts workers could not be set up: \(error)")
        }
    }

    /// A pool of a function's workers; none is started yet.
    public func pool(_ specification: WorkerSpecification, _ settings: PoolSettings) -> Pool {
        var hash = Hasher()
        hash.combine(specification.function)
        let home = ports[Int(UInt(bitPattern: hash.finalize()) % UInt(ports.count))]
        return Pool(specification, settings, host: self, home: home)
    }

    /// Kills what workers there still are, reaps them and ends the thread. Close the pools first; no pool starts a
    /// worker afterwards. Returns when the last process is reaped.
    public func stop() async {
        await withCheckedContinuation { continuation in
            spawner.stop { continuation.resume() }
        }
        for port in ports { port.eventLoop.execute { port.disconnect() } }
    }
}
