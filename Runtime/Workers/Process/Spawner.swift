import CLinux
import Glibc
import Synchronization

/// Starts, watches, ends and reaps processes on one thread of its own.
///
/// The thread lives as long as the gateway spawns: a worker gets its parent-death signal when the thread that made it
/// ends, so no thread of a pool may do it. Every call returns at once; what happens is told to the owner.
final class Spawner: Sendable {
    enum Command: Sendable {
        case spawn(SpawnOrder)
        case startEnded(UInt64)
        case terminate(UInt64)
        case kill(UInt64)
        case stop(@Sendable () -> Void)
    }

    struct Inbox {
        var commands: [Command] = []
        /// The thread was woken and has not looked yet.
        var isSignalled = false
        /// The thread has ended: nobody looks any more.
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    private let lastToken = Atomic<UInt64>(0)
    let wakeDescriptor: Int32

    /// Starts the thread. `startsAtOnce` holds over all pools. Throws when the system has no thread or descriptor left.
    init(startsAtOnce: Int, output: any WorkerLogSink) throws(SpawnFailure) {
        let wake = clinux_eventfd_create()
        guard wake >= 0 else { throw SpawnFailure(.preparation, -wake) }
        wakeDescriptor = wake
        let thread: SpawnerThread
        do {
            thread = try SpawnerThread(spawner: self, startsAtOnce: startsAtOnce, output: output)
        } catch {
            close(wake)
            throw error
        }
        let box = Unmanaged.passRetained(thread)
        var identifier = pthread_t()
        let failure = pthread_create(
            &identifier, nil,
            { argument in
                guard let argument else { return nil }
                let thread = Unmanaged<SpawnerThread>.fromOpaque(argument).takeRetainedValue()
                thread.run()
                return nil
            }, box.toOpaque())
        guard failure == 0 else {
            box.release()
            close(wake)
            throw SpawnFailure(.clone, failure)
        }
        pthread_detach(identifier)
    }

    /// A name for a process to come.
    func makeToken() -> UInt64 { lastToken.add(1, ordering: .relaxed).newValue }

    /// Starts a process, as soon as not too many others start.
    func spawn(_ order: SpawnOrder) {
        guard !send(.spawn(order)) else { return }
        close(order.socket)
        order.owner.spawnFailed(SpawnFailure(.stopped, 0))
    }

    /// The process is ready, or will never be: another one may start.
    func startEnded(_ token: UInt64) { _ = send(.startEnded(token)) }

    /// SIGTERM to the process's group, and SIGKILL 2 s later. One that waits for its start is not started.
    func terminate(_ token: UInt64) { _ = send(.terminate(token)) }

    /// SIGKILL to the process's group. One that waits for its start is not started.
    func kill(_ token: UInt64) { _ = send(.kill(token)) }

    /// Kills what there still is, reaps it, and ends the thread; `done` is called from it, or at once if it has ended.
    func stop(_ done: @escaping @Sendable () -> Void) {
        if !send(.stop(done)) { done() }
    }

    /// What was asked for since the last call.
    func takeCommands() -> [Command] {
        inbox.withLock { inbox in
            var taken: [Command] = []
            swap(&taken, &inbox.commands)
            inbox.isSignalled = false
            return taken
        }
    }

    /// Nothing is taken any more; what came in between is handed back.
    func closeInbox() -> [Command] {
        inbox.withLock { inbox in
            inbox.isClosed = true
            var taken: [Command] = []
            swap(&taken, &inbox.commands)
            close(wakeDescriptor)
            return taken
        }
    }

    /// False when the thread has ended.
    private func send(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.commands.append(command)
            if !inbox.isSignalled {
                inbox.isSignalled = true
                _ = clinux_eventfd_signal(wakeDescriptor)
            }
            return true
        }
    }
}
