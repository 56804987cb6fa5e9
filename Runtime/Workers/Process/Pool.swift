import NIOCore
import Synchronization
import WireProtocol

/// The workers of one function at one revision: the shell around `PoolMachine`.
///
/// A lock guards the machine; what it decides is done after the lock is open again. Invocations come through
/// `WorkerPools`, on event loops. A pool outlives the table it stands in: the next generation's table may take it over.
public final class Pool: Sendable {
    /// What its workers are started with.
    public let specification: WorkerSpecification
    /// How it behaves.
    public let settings: PoolSettings

    let host: WorkerHost
    private let state: Mutex<PoolState>
    /// The loop on which its timer runs.
    private let home: LoopPort

    /// A pool without workers, on the event loops of `host`.
    init(_ specification: WorkerSpecification, _ settings: PoolSettings, host: WorkerHost, home: LoopPort) {
        self.specification = specification
        self.settings = settings
        self.host = host
        self.home = home
        state = Mutex(PoolState(machine: PoolMachine(settings: settings, loops: host.ports.count)))
    }

    /// Starts the `min` workers. Returns at once; from any thread.
    public func start() {
        home.eventLoop.execute {
            self.change(on: self.home) { state, now in state.machine.start(at: now, &state.actions) }
        }
    }

    /// Refuses new invocations from now on, finishes those it has within `grace`, and ends the workers: DRAIN, then
    /// SIGTERM, and 2 s later SIGKILL. `done` is called once the last process is reaped; at once for a closed pool.
    public func close(grace: Duration, _ done: @escaping @Sendable () -> Void) {
        home.eventLoop.execute {
            self.change(on: self.home) { state, now in
                state.closers.append(done)
                if state.machine.isClosed {
                    state.actions.append(.closed)
                } else {
                    state.machine.close(grace: grace, at: now, &state.actions)
                }
            }
        }
    }

    /// As `close(grace:_:)`; returns once the last process is reaped.
    public func close(grace: Duration) async {
        await withCheckedContinuation { continuation in
            close(grace: grace) { continuation.resume() }
        }
    }

    // MARK: Invocations, on the caller's event loop

    func invoke(_ function: FunctionID, _ invocation: consuming Invocation, _ port: LoopPort, _ sink: any ReplySink)
        -> InvocationTicket
    {
        // A body that was passed on cannot be sent again.
        let isSafe =
            (invocation.method == .get || invocation.method == .head) && invocation.placement == .whole
        let now = Instant.now()
        let pending = PendingInvocation(invocation, sink: sink, loop: port.index, since: now)
        let effects = port.takeEffects()
        var serial: UInt64 = 0
        state.withLock { state in
            do throws(PoolFailure) {
                let key = try state.machine.invoke(isSafe: isSafe, loop: port.index, at: now, &state.actions)
                state.keep(pending, as: key)
                serial = key.serial
            } catch {
                effects.messages.append(.failed(pending, error.error(), nil))
            }
            state.resolve(self, into: effects)
        }
        port.perform(effects, isInvoking: true)
        return InvocationTicket(function: function, serial: serial)
    }

    func cancel(_ ticket: InvocationTicket, _ port: LoopPort) {
        let key = InvocationKey(serial: ticket.serial)
        change(on: port, isInvoking: true) { state, now in
            if state.machine.cancel(key, at: now, &state.actions) { _ = state.take(key) }
        }
    }

    // MARK: Workers' events, on the event loop of their link

    /// The worker answered.
    func answered(_ key: InvocationKey, _ link: WorkerLink, _ reply: consuming Reply, at now: Instant) {
        let request = ended(key, link, at: now)
        guard let pending = request.pending else { return }
        let stamp = link.stamp(isCold: request.isCold)
        if pending.loop == link.port.index {
            pending.sink.reply(reply, from: stamp)
        } else {
            link.port.post(.reply(pending, reply, stamp))
        }
    }

    /// The worker reset the stream, or could not be told of it.
    func failed(_ key: InvocationKey, _ link: WorkerLink, _ error: APIError, at now: Instant) {
        let request = ended(key, link, at: now)
        guard let pending = request.pending else { return }
        let stamp = link.stamp(isCold: request.isCold)
        if pending.loop == link.port.index {
            pending.sink.failed(error, from: stamp)
        } else {
            link.port.post(.failed(pending, error, stamp))
        }
    }

    /// What the key stood for, if somebody still waits for it.
    private func ended(_ key: InvocationKey, _ link: WorkerLink, at now: Instant) -> PoolState.Request {
        let effects = link.port.takeEffects()
        let request = state.withLock { state in
            let isWanted = state.machine.replied(key, from: link.key, at: now, &state.actions)
            let request = isWanted ? state.take(key) : PoolState.Request()
            if let pending = request.pending {
                state.latency.record(microseconds: now.nanoseconds(since: pending.since) / 1000)
            }
            state.resolve(self, into: effects)
            return request
        }
        link.port.perform(effects)
        return request
    }

    func ready(_ link: WorkerLink) {
        host.spawner.startEnded(link.token)
        change(on: link.port) { state, now in state.machine.ready(link.key, at: now, &state.actions) }
    }

    func pong(_ link: WorkerLink) {
        change(on: link.port) { state, now in state.machine.pong(link.key, at: now, &state.actions) }
    }

    /// There is no process, or the worker said that it cannot start.
    func startFailed(_ link: WorkerLink, _ failure: StartFailure, _ reason: String, hasProcess: Bool) {
        change(on: link.port) { state, now in
            state.workers[link.key.index]?.reason = reason
            state.machine.startFailed(
                link.key, failure, hasProcess: hasProcess, at: now, &state.actions)
            // Where the start was given up before, only the slot is left to be freed.
            guard !hasProcess, state.machine.isKnown(link.key) else { return }
            state.machine.linkClosed(link.key, written: [], at: now, &state.actions)
            state.machine.exited(link.key, at: now, &state.actions)
        }
    }

    func violated(_ link: WorkerLink, written: [InvocationKey], _ reason: String) {
        host.observer.observed(.protocolViolation(link.identity, reason))
        change(on: link.port) { state, now in
            state.workers[link.key.index]?.reason = "it broke the wire protocol: \(reason)"
            state.machine.violated(link.key, written: written, at: now, &state.actions)
        }
    }

    func linkClosed(_ link: WorkerLink, written: [InvocationKey], isOrderly: Bool) {
        change(on: link.port) { state, now in
            state.machine.linkClosed(
                link.key, written: written, isOrderly: isOrderly, at: now, &state.actions)
        }
    }

    /// The process is reaped. `written` is set when the link's end was held back until now.
    func exited(_ link: WorkerLink, _ exit: ProcessExit, _ output: String, written: [InvocationKey]?) {
        change(on: link.port) { state, now in
            state.workers[link.key.index]?.exit = exit
            state.workers[link.key.index]?.output = output
            if let written { state.machine.linkClosed(link.key, written: written, at: now, &state.actions) }
            state.machine.exited(link.key, at: now, &state.actions)
        }
    }

    // MARK: Pieces

    /// Changes the state under the lock, and does what follows from it.
    func change(on port: LoopPort, isInvoking: Bool = false, _ body: (inout PoolState, Instant) -> Void) {
        let now = Instant.now()
        let effects = port.takeEffects()
        state.withLock { state in
            body(&state, now)
            state.resolve(self, into: effects)
        }
        port.perform(effects, isInvoking: isInvoking)
    }

    /// Reads from the state under the lock.
    func read<Value: Sendable>(_ body: (borrowing PoolState) -> Value) -> Value {
        state.withLock { body($0) }
    }

    /// Sets the timer in place of the one before; under the lock, so that the last word is the last.
    func arm(_ time: Instant, _ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        let left = TimeAmount.nanoseconds(Int64(clamping: time.since(.now()).nanoseconds))
        timer = home.eventLoop.scheduleTask(in: left) {
            self.change(on: self.home) { state, now in state.machine.timer(at: now, &state.actions) }
        }
    }
}
