import NIOCore
import Synchronization

/// How many connections are open, over all listeners and loops; wakes who waits for room or for the last to go.
final class ConnectionCount: Sendable {
    private struct Waiting {
        var forRoom: [@Sendable () -> Void] = []
        var forNone: [@Sendable () -> Void] = []
    }

    let cap: Int
    private let open = Atomic<Int>(0)
    private let hasWaiting = Atomic<Bool>(false)
    private let waiting = Mutex(Waiting())

    init(cap: Int) { self.cap = cap }

    var current: Int { open.load(ordering: .relaxed) }

    var isFull: Bool { open.load(ordering: .sequentiallyConsistent) >= cap }

    func opened() { open.add(1, ordering: .sequentiallyConsistent) }

    func closed() {
        open.subtract(1, ordering: .sequentiallyConsistent)
        if hasWaiting.load(ordering: .sequentiallyConsistent) { wake() }
    }

    /// Calls `body` once, on any thread, after a connection has closed or when there is room already.
    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.forRoom.append(body) }
        hasWaiting.store(true, ordering: .sequentiallyConsistent)
        if !isFull { wake() }
    }

    /// Calls `body` once, on any thread, when no connection is open.
    func whenNone(_ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.forNone.append(body) }
        hasWaiting.store(true, ordering: .sequentiallyConsistent)
        if open.load(ordering: .sequentiallyConsistent) == 0 { wake() }
    }

    private func wake() {
        let due = waiting.withLock { waiting in
            var due: [@Sendable () -> Void] = []
            if !isFull {
                due += waiting.forRoom
                waiting.forRoom = []
            }
            if open.load(ordering: .sequentiallyConsistent) == 0 {
                due += waiting.forNone
                waiting.forNone = []
            }
            hasWaiting.store(
                !(waiting.forRoom.isEmpty && waiting.forNone.isEmpty), ordering: .sequentiallyConsistent)
            return due
        }
        for body in due { body() }
    }
}
