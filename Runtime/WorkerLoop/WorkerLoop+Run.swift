import CLinux
import Glibc

extension WorkerLoop {
    /// Runs the loop on the calling thread until `stop`. Nothing that waits is lost by a stop: a later `run`
    /// goes on with it.
    ///
    /// One thread at a time may run a loop, and none of its own callbacks and jobs may. What still waits when
    /// the loop is released is not resumed.
    public func run() {
        run(until: { false })
    }

    /// Runs the loop on the calling thread until `stop`, or until the condition holds; it is asked before each
    /// batch of jobs and after each wait.
    public func run(until condition: () -> Bool) {
        let previous = clinux_thread_loop()
        clinux_set_thread_loop(Unmanaged.passUnretained(self).toOpaque())
        defer { clinux_set_thread_loop(previous) }
        var jobsLeft = Self.jobsBetweenPolls
        while !inbox.takeStopRequest() && !condition() {
            receive()
            jobsLeft -= runJobs(atMost: jobsLeft)
            fireTimers()
            if !ready.isEmpty && jobsLeft > 0 { continue }
            runHooks()
            if !ready.isEmpty && jobsLeft > 0 { continue }
            poll()
            jobsLeft = Self.jobsBetweenPolls
        }
    }

    /// Makes `run` return after the jobs and callbacks that it is about to run. Before `run`, it makes the
    /// next `run` return at once.
    public func stop() {
        inbox.requestStop()
    }

    /// Runs the callback on the loop's thread: in its next turn, never inside this call.
    public func post(_ callback: @escaping @Sendable () -> Void) {
        inbox.submit(.call(callback))
    }

    /// Calls back each time when all ready jobs have run and the loop is about to wait: the moment to write
    /// what has been collected. What the callback makes ready runs before the wait, and then it is called
    /// again; so it is, too, between long batches of jobs. Callbacks run in the order of their addition.
    @discardableResult
    public func beforeWait(_ callback: @escaping @Sendable () -> Void) -> WaitHook {
        let id = inbox.nextNumber()
        perform { [self] in hooks.append(Hook(id: id, callback: callback)) }
        return WaitHook(loop: self, id: id)
    }

    /// At once on the loop's thread, else by a message.
    func perform(_ work: @escaping @Sendable () -> Void) {
        if isCurrent {
            work()
        } else {
            inbox.submit(.call(work))
        }
    }

    // MARK: From the executors

    /// Enqueues the job if the calling thread runs the loop of that inbox. Each job of a worker comes through
    /// here, so the loop is borrowed, not retained.
    static func enqueueIfCurrent(_ job: ReadyJob, _ inbox: LoopInbox) -> Bool {
        guard let pointer = clinux_thread_loop() else { return false }
        return Unmanaged<WorkerLoop>.fromOpaque(pointer)._withUnsafeGuaranteedRef { loop in
            guard loop.inbox === inbox else { return false }
            loop.ready.append(job)
            return true
        }
    }

    func enqueueHere(_ job: ReadyJob, until deadline: LoopInstant) {
        _ = timers.insert(.job(job), at: deadline)
    }

    // MARK: One turn

    private func receive() {
        inbox.take(into: &received)
        guard !received.isEmpty else { return }
        var messages: [LoopInbox.Message] = []
        swap(&messages, &received)
        for message in messages {
            switch message {
            case .job(let job): ready.append(job)
            case .delayed(let job, let deadline): enqueueHere(job, until: deadline)
            case .call(let work): work()
            }
        }
        messages.removeAll(keepingCapacity: true)
        swap(&messages, &received)
    }

    private func runJobs(atMost limit: Int) -> Int {
        var count = 0
        while count < limit, let next = ready.popFirst() {
            switch next.role {
            case .global: next.job.runSynchronously(on: genericExecutor)
            case .preferred: next.job.runSynchronously(on: unownedTaskExecutor)
            case .serial: next.job.runSynchronously(on: unownedSerialExecutor)
            }
            count += 1
        }
        return count
    }

    private func fireTimers() {
        guard !timers.isEmpty else { return }
        // The time is taken once, so that a timer that sets itself again cannot hold the loop.
        let now = LoopInstant.now
        while let work = timers.popDue(at: now) {
            switch work {
            case .job(let job): ready.append(job)
            case .call(let callback): callback()
            case .remote(let number, let callback):
                remoteTimers[number] = nil
                callback()
            }
        }
    }

    private func runHooks() {
        var index = 0
        while index < hooks.count {
            let hook = hooks[index]
            hook.callback()
            // A hook may have removed itself.
            if index < hooks.count, hooks[index].id == hook.id { index += 1 }
        }
    }

    private func poll() {
        var timeout = ready.isEmpty ? millisecondsToNextTimer() : 0
        let mayWait = timeout != 0
        if mayWait && !inbox.prepareToSleep() { timeout = 0 }
        let count = clinux_epoll_wait(epoll, events, Int32(Self.eventCapacity), timeout)
        if mayWait { inbox.wokeUp() }
        guard count > 0 else { return }
        dispatch(Int(count))
    }

    /// The wait's limit, rounded up: a wait that ends before its timer is due would be repeated at once.
    private func millisecondsToNextTimer() -> Int32 {
        guard let next = timers.nextDeadline else { return -1 }
        let now = LoopInstant.now
        guard next > now else { return 0 }
        let left = next.nanoseconds - now.nanoseconds
        return Int32(clamping: left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1))
    }
}
