@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency

/// The one class through which Swift's runtime hands jobs to a loop: task, serial, main and scheduling
/// executor. It rests on two experimental interfaces of the toolchain and on nothing else that is private,
/// and no other file knows them.
///
/// A loop has one object of it for each role, for a job must be run as what it was enqueued for. Were a job
/// of the global executor run as one of the main actor, then every call of a nonisolated async function would
/// see a foreign executor and go round the queue once more (measured: ten nested calls took 22 enqueues
/// instead of none).
public final class LoopExecutor: TaskExecutor, SerialExecutor {
    enum Role: UInt8, Sendable {
        /// The process's default executor: `Task {}`, `Task.detached`, `Task.sleep`, default actors.
        case global
        /// The executor that a task prefers (`withTaskExecutorPreference`).
        case preferred
        /// The executor of actors pinned to the loop, and of `@MainActor` in a worker.
        case serial
    }

    let inbox: LoopInbox
    let role: Role
    private let isMain: Bool

    init(inbox: LoopInbox, role: Role, isMain: Bool) {
        self.inbox = inbox
        self.role = role
        self.isMain = isMain
    }

    /// Adds a job to the loop's queue. Any thread may call it; the loop's own thread takes no lock and writes
    /// no wake-up.
    public func enqueue(_ job: consuming ExecutorJob) {
        let ready = ReadyJob(job: UnownedJob(job), role: role)
        if !WorkerLoop.enqueueIfCurrent(ready, inbox) { inbox.submit(.job(ready)) }
    }

    /// Whether the calling thread is the loop's, which runs one job at a time.
    public func isIsolatingCurrentContext() -> Bool? {
        WorkerLoop.current?.inbox === inbox
    }

    /// Ends the process when the calling thread is not the loop's, as the language demands.
    public func checkIsolated() {
        precondition(WorkerLoop.current?.inbox === inbox, "called outside the loop's thread")
    }

    /// Whether the main actor runs here: true only in a worker, after `WorkerLoop.installAsGlobal`.
    public var isMainExecutor: Bool { isMain }
}

@_spi(ExperimentalScheduling) extension LoopExecutor: SchedulingExecutor {
    /// Adds a job to the loop's queue when `delay` has passed; behind `Task.sleep`.
    public func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        let unowned = UnownedJob(job)
        guard let delay = delay as? Swift.Duration else {
            // A clock with a measure of its own must do the waiting itself.
            let instant = clock.now.advanced(by: delay)
            Task {
                try? await clock.sleep(until: instant, tolerance: tolerance)
                enqueue(unowned)
            }
            return
        }
        let ready = ReadyJob(job: unowned, role: role)
        let deadline = LoopInstant.now.advanced(by: delay)
        if let loop = WorkerLoop.current, loop.inbox === inbox {
            loop.enqueueHere(ready, until: deadline)
        } else {
            inbox.submit(.delayed(ready, until: deadline))
        }
    }
}

@_spi(ExperimentalCustomExecutors) extension LoopExecutor: MainExecutor {
    /// Runs the loop of the calling thread until `stop`.
    public func run() throws {
        WorkerLoop.current?.run()
    }

    /// Runs the loop of the calling thread until the condition holds; it is asked between jobs' batches.
    public func runUntil(_ condition: () -> Bool) throws {
        WorkerLoop.current?.run(until: condition)
    }

    /// Stops the loop.
    public func stop() {
        inbox.requestStop()
    }
}

/// Hands the shared loop's executors to Swift's runtime.
private enum LoopExecutorFactory: ExecutorFactory {
    static var mainExecutor: any MainExecutor {
        WorkerLoop.sharedExecutors?.serial ?? PlatformExecutorFactory.mainExecutor
    }

    static var defaultExecutor: any TaskExecutor {
        WorkerLoop.sharedExecutors?.global ?? PlatformExecutorFactory.defaultExecutor
    }
}

extension LoopExecutor {
    /// Makes the shared loop's executors the process's. Only the first call in a process has an effect, and
    /// only if no task has been made before it.
    static func installSharedExecutors() {
        _createExecutors(factory: LoopExecutorFactory.self)
    }
}
