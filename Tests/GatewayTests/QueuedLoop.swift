import Synchronization

@testable import Gateway

/// Event loops without a thread: what is brought to them waits until the test lets it run.
final class QueuedLoop: LoopHandoff {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var waiting: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func execute(on loop: Int, _ work: @escaping @Sendable () -> Void) {
        let waiting = state.withLock { state in
            state.work.append(work)
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Runs what is there.
    /// - Returns: How many pieces that were.
    @discardableResult
    func run() -> Int {
        var count = 0
        while let next = state.withLock({ $0.work.isEmpty ? nil : $0.work.removeFirst() }) {
            next()
            count += 1
        }
        return count
    }

    /// Waits until there is something, and runs it.
    func runNext() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.work.isEmpty { return true }
                state.waiting = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
        run()
    }
}
