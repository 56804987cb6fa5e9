import Synchronization
import WorkerLoop

/// Connections to one database, lent to one statement at a time.
///
/// Connections are opened when they are needed, up to the maximum; who comes when all are lent waits in turn, for the
/// connection timeout at most. A connection that broke, or whose statement did not end as it should, is replaced.
/// A connection that is found dead before anything was sent is passed over. While the server is away it is tried again
/// twice a second at most, statements fail within half a second, and succeed again as soon as it is back. All methods
/// may be called from any thread; the work is done on the loop.
public final class PostgresPool: Sendable {
    typealias Waiting = CheckedContinuation<PostgresConnection, any Error>

    struct State {
        var machine: PoolMachine
        var connections: [PoolMachine.ConnectionID: PostgresConnection] = [:]
        var ids: [ObjectIdentifier: PoolMachine.ConnectionID] = [:]
        var waiting: [PoolMachine.WaiterID: Waiting] = [:]
        var lastWaiter = 0
        /// Requests for leave to open a connection, under way.
        var asks: [PoolMachine.ConnectionID: Task<Void, Never>] = [:]
        /// The leave by which each connection is open, where that has to be had.
        var rights: [PoolMachine.ConnectionID: ConnectionLeaseID] = [:]
        var lastFailure: (any Error)?
        var timer: LoopTimer?
        var tickAt: LoopInstant?
    }

    let loop: WorkerLoop
    let parameters: ConnectionParameters
    let connectionTimeout: Duration
    /// Where leave to open a connection is to be had; nil where nobody counts.
    let leases: (any ConnectionLeases)?
    let habits = ServerHabits()
    let replicas: [PostgresPool]
    let rotation: Mutex<ReplicaRotation>
    let state: Mutex<State>

    /// A pool whose work is done on `loop`. The minimum of connections is opened in the background; that the database
    /// is not there is no error here, but one of the statements. With `leases`, a connection is opened only by leave of
    /// these, to a replica too, and closed when they want it back.
    ///
    /// Throws `PostgresError` of kind `configuration`.
    public convenience init(
        _ configuration: PostgresConfiguration, on loop: WorkerLoop, leases: (any ConnectionLeases)? = nil
    ) throws {
        try configuration.check()
        var limits = configuration.limits
        limits.needsLeave = leases != nil
        let replicas = try configuration.replicaURLs.map { url in
            var limits = limits
            // Who does not read needs none.
            limits.minimum = 0
            var parameters = try ConnectionParameters(url)
            parameters.forbidWriting()
            parameters.preparedStatements = configuration.preparedStatements
            return PostgresPool(parameters, limits, on: loop, leases: leases, replicas: [])
        }
        var parameters = try ConnectionParameters(configuration.url)
        parameters.preparedStatements = configuration.preparedStatements
        self.init(parameters, limits, on: loop, leases: leases, replicas: replicas)
    }

    /// The pool of a worker, on the worker's loop; see `PostgresConfiguration.init(environment:)`.
    ///
    /// Throws `PostgresError` of kind `configuration`.
    public convenience init(_ startup: some StartupEnvironment) async throws {
        try self.init(
            PostgresConfiguration(environment: startup.environment), on: startup.loop,
            leases: startup.connectionLeases)
    }

    private init(
        _ parameters: ConnectionParameters, _ limits: PoolLimits, on loop: WorkerLoop,
        leases: (any ConnectionLeases)?, replicas: [PostgresPool]
    ) {
        self.loop = loop
        self.parameters = parameters
        self.leases = leases
        self.replicas = replicas
        rotation = Mutex(ReplicaRotation(count: replicas.count))
        connectionTimeout = limits.connectionTimeout
        state = Mutex(State(machine: PoolMachine(limits)))
        leases?.whenDemandChanges { [weak self] in self?.demandChanged() }
        perform(state.withLock { $0.machine.start(at: .now) })
    }

    deinit {
        let (connections, timer) = state.withLock { state in
            for ask in state.asks.values { ask.cancel() }
            return (state.connections.map { ($0.value, state.rights[$0.key]) }, state.timer)
        }
        if let timer { loop.cancel(timer) }
        for (connection, right) in connections {
            // The right of one that is being opened is given back by whoever opens it.
            _ = Self.start(on: loop) { [leases] in
                await connection.closeAndWait()
                if let right { leases?.release(right) }
            }
        }
    }

    /// Closes what is free now, and what is lent when it comes back. Statements from here on throw
    /// `PostgresError.closed`, and so do those that wait for a connection.
    public func close() {
        perform(state.withLock { $0.machine.close() })
        for replica in replicas { replica.close() }
    }

    // MARK: Lending

    /// Waits for a connection. Whoever gets one gives it back by `giveBack`, however its use ends.
    func lease() async throws -> PostgresConnection {
        try Task.checkCancellation()
        let now = LoopInstant.now
        let (id, free) = state.withLock { state in
            state.lastWaiter += 1
            let id = PoolMachine.WaiterID(rawValue: state.lastWaiter)
            let free = state.machine.takeIdle(for: id, at: now)
            return (id, free.flatMap { connection in state.connections[connection] })
        }
        if let free {
            if free.isReady { return free }
            return try await waitForAnother(id, insteadOf: free)
        }
        return try await wait(id) { $0.machine.request(id, at: now) }
    }

    private func waitForAnother(
        _ id: PoolMachine.WaiterID, insteadOf dead: PostgresConnection
    ) async throws -> PostgresConnection {
        try await wait(id) { state in
            guard let connection = state.ids[ObjectIdentifier(dead)] else {
                return state.machine.request(id, at: .now)
            }
            return state.machine.lost(connection, at: .now)
        }
    }

    private func wait(
        _ id: PoolMachine.WaiterID, _ event: (inout State) -> [PoolMachine.Action]
    ) async throws -> PostgresConnection {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let actions = state.withLock { state in
                    state.waiting[id] = continuation
                    return event(&state)
                }
                perform(actions)
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { abandon(id) }
            }
        } onCancel: {
            abandon(id)
        }
    }

    private func abandon(_ id: PoolMachine.WaiterID) {
        let (waiting, actions) = state.withLock { state in
            let actions = state.machine.abandon(id)
            return (state.waiting.removeValue(forKey: id), actions)
        }
        perform(actions)
        waiting?.resume(throwing: CancellationError())
    }

    /// Takes a connection back; it is lent again only if nothing about it is in doubt.
    func giveBack(_ connection: PostgresConnection) {
        let isUsable = connection.isReusable && leases?.takeRecall() != true
        perform(
            state.withLock { state in
                guard let id = state.ids[ObjectIdentifier(connection)] else { return [] }
                return state.machine.returned(id, isUsable: isUsable, at: .now)
            })
    }
}
