import Synchronization

/// Runs the operation, and cancels it when it has not ended after `duration`.
///
/// The operation runs in a task of its own, on the loop, and is always waited for: what it holds is given
/// back when this returns, so an operation that ignores cancellation delays the error. Throws
/// `DeadlineExceeded` when the operation threw because its time had passed. A value is returned even if it
/// came late, for it may hold something that must be given back. Cancelling the caller cancels the operation,
/// whose own error is then thrown. A duration of zero or less cancels in the loop's next turn.
nonisolated(nonsending) public func withDeadline<Value: Sendable>(
    _ duration: Duration, on loop: WorkerLoop,
    _ operation: sending @escaping @isolated(any) () async throws -> Value
) async throws -> Value {
    let hasPassed = DeadlineFlag()
    let task: Task<Value, any Error> =
        WorkerLoop.global === loop
        ? Task(operation: operation)
        : Task(executorPreference: loop.taskExecutor, operation: { try await operation() })
    let timer = loop.schedule(after: duration) {
        hasPassed.set()
        task.cancel()
    }
    defer { loop.cancel(timer) }
    return try await withTaskCancellationHandler {
        do {
            return try await task.value
        } catch {
            if hasPassed.isSet && !Task.isCancelled { throw DeadlineExceeded(limit: duration) }
            throw error
        }
    } onCancel: {
        task.cancel()
    }
}

/// Set once, by the timer.
private final class DeadlineFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() {
        flag.store(true, ordering: .releasing)
    }
}
