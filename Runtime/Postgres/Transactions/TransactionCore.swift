import Synchronization
import WorkerLoop

/// What all levels of one transaction share: its connection, and who has it.
final class TransactionCore: Sendable {
    typealias Waiting = CheckedContinuation<Void, any Error>

    struct State {
        var machine = TransactionMachine()
        var waiting: [TransactionMachine.TurnID: Waiting] = [:]
    }

    static let ended = PostgresError(.statement, "The transaction has ended; nothing was sent")
    static let nested = PostgresError(
        .statement, "A transaction within this one is open, and only that one can be used; nothing was sent")

    let connection: PostgresConnection
    let state = Mutex(State())

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// Uses the connection in turn, on the loop. What breaks the level is remembered.
    func use<Value: Sendable>(
        _ level: TransactionMachine.LevelID, isEnd: Bool = false,
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        try await takeTurn(level, isEnd: isEnd)
        defer { perform(state.withLock { $0.machine.finished() }) }
        connection.refusesEnds = !isEnd
        defer { connection.refusesEnds = false }
        do {
            let value: Value
            if connection.loop.isCurrent {
                value = try await body(connection)
            } else {
                value = try await withTaskExecutorPreference(connection.loop.taskExecutor) {
                    try await body(connection)
                }
            }
            if !isEnd { try connection.checkInTransaction() }
            return value
        } catch {
            if connection.isFailedOrClosed {
                let reason =
                    error as? PostgresError
                    ?? PostgresError(.connection, "The transaction's connection was closed (\(error))")
                state.withLock { $0.machine.fail(reason) }
            }
            throw error
        }
    }

    func takeTurn(_ level: TransactionMachine.LevelID, isEnd: Bool) async throws {
        let turn = state.withLock { $0.machine.makeTurn() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Waiting) in
                let actions = state.withLock { state in
                    state.waiting[turn] = continuation
                    return state.machine.request(turn, for: level, isEnd: isEnd)
                }
                perform(actions)
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { abandon(turn) }
            }
        } onCancel: {
            abandon(turn)
        }
    }

    private func abandon(_ turn: TransactionMachine.TurnID) {
        let waiting = state.withLock { state in
            state.machine.abandon(turn) ? state.waiting.removeValue(forKey: turn) : nil
        }
        waiting?.resume(throwing: CancellationError())
    }

    func perform(_ actions: [TransactionMachine.Action]) {
        for action in actions {
            switch action {
            case .proceed(let turn): take(turn)?.resume()
            case .refuseEnded(let turn): take(turn)?.resume(throwing: Self.ended)
            case .refuseNested(let turn): take(turn)?.resume(throwing: Self.nested)
            }
        }
    }

    private func take(_ turn: TransactionMachine.TurnID) -> Waiting? {
        state.withLock { $0.waiting.removeValue(forKey: turn) }
    }
}
