// WorkerLoop: the one thread on which a worker does everything.
//
// It knows jobs, descriptors, timers and the wait between them. It does not know what a descriptor carries,
// nor functions, frames, databases or HTTP. No Foundation, no Dispatch, no second thread, except the one that
// `resolve` starts for as long as a name server takes.
//
// One turn: the messages of other threads, all ready jobs, due timers; when nothing is ready, the hooks of
// `beforeWait`; when they made nothing ready, one `epoll_wait`, and the callbacks of what it reports.

import CLinux
import Glibc
import Synchronization

/// A one-thread executor over epoll: runs jobs, waits for descriptors and timers.
///
/// In a worker, `installAsGlobal` makes the shared loop run all of the process's tasks; anywhere else a loop
/// runs on a thread of its own, with the tasks that prefer `taskExecutor` and the actors pinned to
/// `serialExecutor`. Methods may be called from any thread unless they say otherwise; from the loop's own
/// thread they take no lock.
///
/// `@unchecked Sendable`: what is mutable here is touched only by the thread that runs the loop; what other
/// threads leave goes through `LoopInbox`, whose `Mutex` is the lock.
public final class WorkerLoop: @unchecked Sendable {
    /// How many jobs run before descriptors are looked at again, though more are ready.
    static let jobsBetweenPolls = 512
    /// How many events one `epoll_wait` reports at most.
    static let eventCapacity = 256

    typealias WaitContinuation = UnsafeContinuation<Readiness, any Error>

    enum TimerWork {
        case job(ReadyJob)
        case call(@Sendable () -> Void)
        /// A callback scheduled outside the loop's thread, under the number given there.
        case remote(UInt64, @Sendable () -> Void)
    }

    struct Hook {
        var id: UInt64
        var callback: @Sendable () -> Void
    }

    let inbox: LoopInbox
    var epoll: Int32
    var ready = ReadyQueue()
    var timers = TimerHeap<TimerWork>()
    var remoteTimers: [UInt64: TimerHeap<TimerWork>.ID] = [:]
    var descriptors = DescriptorTable<WaitContinuation>()
    var hooks: [Hook] = []
    var received: [LoopInbox.Message] = []
    let events: UnsafeMutablePointer<epoll_event>
    /// A registration ended while events are dispatched, so the rest of the batch may hold stale ones.
    var hasForgottenInBatch = false

    /// The executor for tasks that are to run on this loop (`withTaskExecutorPreference`). A task without a
    /// preference does not need it in a worker, for there this loop is the default.
    public let taskExecutor: LoopExecutor
    /// The executor for actors that are to run on this loop (`unownedExecutor`).
    public let serialExecutor: LoopExecutor

    let genericExecutor: UnownedSerialExecutor
    let unownedTaskExecutor: UnownedTaskExecutor
    let unownedSerialExecutor: UnownedSerialExecutor

    /// A loop that nothing runs yet. Throws when the process has no descriptors left.
    public convenience init() throws(SystemCallFailure) {
        try self.init(isMain: false)
    }

    private init(isMain: Bool) throws(SystemCallFailure) {
        let inbox = try LoopInbox()
        let epoll = try Self.makeEpoll(watching: inbox.eventDescriptor)
        self.inbox = inbox
        self.epoll = epoll
        events = .allocate(capacity: Self.eventCapacity)
        taskExecutor = LoopExecutor(inbox: inbox, role: .preferred, isMain: false)
        serialExecutor = LoopExecutor(inbox: inbox, role: .serial, isMain: isMain)
        unownedTaskExecutor = taskExecutor.asUnownedTaskExecutor()
        unownedSerialExecutor = serialExecutor.asUnownedSerialExecutor()
        // Safe: the generic executor is defined as two null words, and has no public spelling.
        genericExecutor = unsafeBitCast((UInt(0), UInt(0)), to: UnownedSerialExecutor.self)
    }

    deinit {
        _ = Glibc.close(epoll)
        events.deallocate()
    }

    static func makeEpoll(watching eventDescriptor: Int32) throws(SystemCallFailure) -> Int32 {
        let epoll = clinux_epoll_create()
        if epoll < 0 { throw SystemCallFailure(call: "epoll_create1", code: -epoll) }
        let events = clinux_epoll_in | clinux_epoll_edge
        let code = clinux_epoll_add(epoll, eventDescriptor, events, wakeToken)
        if code < 0 {
            _ = Glibc.close(epoll)
            throw SystemCallFailure(call: "epoll_ctl", code: -code)
        }
        return epoll
    }

    /// The token of the inbox's eventfd; no descriptor has it, for their numbers are not negative.
    static let wakeToken = UInt64.max

    // MARK: The loop of a thread

    /// The loop that the calling thread runs, or will run (after `installAsGlobal`); nil elsewhere.
    public static var current: WorkerLoop? {
        guard let pointer = clinux_thread_loop() else { return nil }
        return Unmanaged<WorkerLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Whether the calling thread is the one that runs this loop.
    public var isCurrent: Bool {
        clinux_thread_loop() == Unmanaged.passUnretained(self).toOpaque()
    }

    // MARK: The worker's loop

    struct SharedExecutors {
        var loop: WorkerLoop
        var global: LoopExecutor
        var serial: LoopExecutor
    }

    private static let shared = Mutex<SharedExecutors?>(nil)

    static var sharedExecutors: SharedExecutors? { shared.withLock { $0 } }

    /// Makes a loop that runs all of this process's tasks, the main actor's too, on the calling thread.
    ///
    /// A worker's synchronous `main` calls it before anything else, since it has no effect once a task has
    /// been made; then it makes its first task with `Task {}` and calls `run`. Later calls answer with the
    /// same loop. Throws when the process has no descriptors left.
    @discardableResult
    public static func installAsGlobal() throws(SystemCallFailure) -> WorkerLoop {
        if let present = sharedExecutors { return present.loop }
        let loop = try WorkerLoop(isMain: true)
        let global = LoopExecutor(inbox: loop.inbox, role: .global, isMain: false)
        shared.withLock { $0 = SharedExecutors(loop: loop, global: global, serial: loop.serialExecutor) }
        clinux_set_thread_loop(Unmanaged.passUnretained(loop).toOpaque())
        LoopExecutor.installSharedExecutors()
        return loop
    }

    /// Keeps up to so many bytes of memory that was freed for what this process allocates next.
    public static func keepFreedMemory(_ bytes: Int) { clinux_keep_freed_memory(Int32(clamping: bytes)) }

    /// Reads once from a socket, and takes a descriptor that was handed over with the bytes (unix(7), SCM_RIGHTS): how many
    /// bytes came, 0 at the end, or the negative error number; the descriptor, close-on-exec and the caller's to close, is
    /// -1 where none came.
    public static func receive(
        from socket: Int32, into memory: UnsafeMutableRawBufferPointer
    ) -> (count: Int, descriptor: Int32) {
        var descriptor: Int32 = -1
        let count = clinux_receive(socket, memory.baseAddress, memory.count, &descriptor)
        return (count, descriptor)
    }

    /// The loop that `installAsGlobal` made; nil in a process that has none.
    public static var global: WorkerLoop? { sharedExecutors?.loop }
}
