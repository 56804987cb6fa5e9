import Synchronization

/// Verifies signatures on a bounded number of tasks, never on an event loop.
///
/// At most `waiting` jobs stand in line; what comes then is refused at once.
final class TokenVerifier: Sendable {
    typealias Job = @Sendable () async -> Void

    private struct State {
        var line: [Job] = []
        /// How many of `line` have been taken.
        var taken = 0
        var running = 0
    }

    private let limit: Int
    private let tasks: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - waiting: how many jobs may stand in line.
    ///   - tasks: how many run at once.
    init(waiting: Int = 1024, tasks: Int = 2) {
        limit = waiting
        self.tasks = max(1, tasks)
    }

    /// Does the job soon, on another thread; false, and nothing is done, when too many wait.
    func submit(_ job: @escaping Job) -> Bool {
        let (isTaken, starts) = state.withLock { state in
            guard state.line.count - state.taken < limit else { return (false, false) }
            state.line.append(job)
            let starts = state.running < tasks
            if starts { state.running += 1 }
            return (true, starts)
        }
        if starts {
            Task.detached { while let job = self.next() { await job() } }
        }
        return isTaken
    }

    /// The next job; nil, and this task counts as ended, where there is none.
    private func next() -> Job? {
        state.withLock { state in
            guard state.taken < state.line.count else {
                state.line.removeAll(keepingCapacity: state.line.capacity <= 64)
                state.taken = 0
                state.running -= 1
                return nil
            }
            let job = state.line[state.taken]
            state.line[state.taken] = {}
            state.taken += 1
            if state.taken == 256 {
                state.line.removeFirst(256)
                state.taken = 0
            }
            return job
        }
    }
}
