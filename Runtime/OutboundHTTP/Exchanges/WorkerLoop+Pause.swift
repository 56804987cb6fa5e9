import Synchronization
import WorkerLoop

extension WorkerLoop {
    /// Waits. `Task.sleep` would start the process's global executor where that is not the loop.
    ///
    /// Throws `CancellationError` when the task is cancelled.
    nonisolated(nonsending) func pause(_ duration: Duration) async throws {
        let sleeper = Sleeper()
        let timer = schedule(after: duration) { sleeper.wake(.success(())) }
        defer { cancel(timer) }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleeper.sleep($0) }
        } onCancel: {
            sleeper.wake(.failure(CancellationError()))
        }
    }
}

/// The first of the timer and a cancellation wins, also when it comes before the sleep.
private final class Sleeper: Sendable {
    typealias Continuation = CheckedContinuation<Void, any Error>

    private enum State {
        case awake
        case asleep(Continuation)
        case woken(Result<Void, any Error>)
    }

    private let state = Mutex(State.awake)

    func sleep(_ continuation: Continuation) {
        let early = state.withLock { state -> Result<Void, any Error>? in
            if case .woken(let result) = state { return result }
            state = .asleep(continuation)
            return nil
        }
        if let early { continuation.resume(with: early) }
    }

    func wake(_ result: Result<Void, any Error>) {
        let waiting = state.withLock { state -> Continuation? in
            switch state {
            case .awake:
                state = .woken(result)
                return nil
            case .asleep(let continuation):
                state = .woken(result)
                return continuation
            case .woken: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
