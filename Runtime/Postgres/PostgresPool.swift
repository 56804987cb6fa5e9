import Synchronization
import WorkerLoop

/// Connections to one database, lent to one statement at a time.
///
/// Connections are opened when they are needed, up to the maximum; who comes when all are lent waits in turn, for the
/// connection timeout at most. A connection that broke, or whose statement did not end as it should, is replaced.
/// While the server is away, statements fail at once, and as soon as it is back they succeed again. All methods may
/// be called from any thread; the work is done on the loop.
public final class PostgresPool: Sendable {
    typealias Waiting = CheckedContinuation<PostgresConnection, any Error>

    struct State {
        var machine: PoolMachine
        var connections: [PoolMachine.ConnectionID: PostgresConnection] = [:]
        var ids: [ObjectIdentifier: PoolMachine.ConnectionID] = [:]
        var waiting: [PoolMachine.WaiterID: Waiting] = [:]
        var lastWaiter = 0
        var lastFailure: (any Error)?
        var timer: LoopTimer?
        var tickAt: LoopInstant?
    }

    let loop: WorkerLoop
    let parameters: ConnectionParameters
    let connectionTimeout: Duration
    let state: Mutex<State>

    /// A pool whose work is done on `loop`. The minimum of connections is opened in the background; that the database
    /// is not there is no error here, but one of the statements.
    ///
    /// Throws `PostgresError` of kind `configuration`.
    public init(_ configuration: PostgresConfiguration, on loop: WorkerLoop) throws {
        try configuration.check()
        self.loop = loop
        parameters = try ConnectionParameters(configuration.url)
        connectionTimeout = configuration.connectionTimeout
        state = Mutex(State(machine: PoolMachine(configuration.limits)))
        perform(state.withLock { $0.machine.start(at: .now) })
    }

    /// The pool of a worker, on the worker's loop; see `PostgresConfiguration.init(environment:)`.
    ///
    /// Throws `PostgresError` of kind `configuration`.
    public convenience init(_ startup: some StartupEnvironment) async throws {
        try self.init(PostgresConfiguration(environment: startup.environment), on: startup.loop)
    }

    deinit {
        let (connections, timer) = state.withLock { (Array($0.connections.values), $0.timer) }
        if let timer { loop.cancel(timer) }
        if connections.isEmpty { return }
        loop.post { for connection in connections { connection.close() } }
    }

    /// Closes what is free now, and what is lent when it comes back. Statements from here on throw
    /// `PostgresError.closed`, and so do those that wait for a connection.
    public func close() {
        perform(state.withLock { $0.machine.close() })
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
        let waiting = state.withLock { state in
            state.machine.abandon(id)
            return state.waiting.removeValue(forKey: id)
        }
        waiting?.resume(throwing: CancellationError())
    }

    /// Takes a connection back; it is lent again only if nothing about it is in doubt.
    func giveBack(_ connection: PostgresConnection) {
        let isUsable = connection.isReusable
        perform(
            state.withLock { state in
                guard let id = state.ids[ObjectIdentifier(connection)] else { return [] }
                return state.machine.returned(id, isUsable: isUsable, at: .now)
            })
    }
}
