import NIOCore
import WireProtocol

// The end of the socket and of the process, in either order.
extension WorkerLink {
    /// The socket has ended, and all that was in it was read.
    func socketEnded() {
        guard !isOver else { return }
        if !saidReady, hasProcess {
            // Its exit says why; it comes at once, or is made to.
            heldBack = []
            over()
            pool.host.spawner.kill(token)
        } else {
            finish(written: writtenKeys(), isOrderly: false)
        }
    }

    /// GOODBYE: what it has not answered it has not begun.
    func leave() { finish(written: [], isOrderly: true) }

    private func finish(written: [InvocationKey], isOrderly: Bool) {
        over()
        pool.linkClosed(self, written: written, isOrderly: isOrderly)
        context?.close(promise: nil)
    }

    /// The worker broke the protocol.
    func violated(_ reason: String) {
        guard !isOver else { return }
        let written = writtenKeys()
        over()
        pool.violated(self, written: written, reason)
        context?.close(promise: nil)
    }

    /// From here on nothing is sent and nothing that comes is heard.
    func over() {
        isOver = true
        silenceLeases()
        // A body that comes in parts holds its link: with one that never became whole this link would stay for ever.
        for place in streams.indices { streams[place] = nil }
        uploads = []
        unwritten = []
        let waiting = asked
        asked = []
        for done in waiting { done() }
    }

    /// The invocations without an answer that the worker may have begun.
    private func writtenKeys() -> [InvocationKey] {
        streams.indices.compactMap { place in unwritten.contains { $0.place == place } ? nil : streams[place]?.key }
    }
}

extension WorkerLink: ProcessOwner {
    func spawned(pid: Int32) {
        processID.store(pid, ordering: .releasing)
        port.eventLoop.execute { self.announce() }
    }

    func spawnFailed(_ failure: SpawnFailure) {
        port.eventLoop.execute { self.noProcess(failure) }
    }

    func exited(_ exit: ProcessExit, output: String) {
        port.eventLoop.execute {
            self.hasProcess = false
            self.endLeases()
            self.pool.exited(self, exit, output, written: self.heldBack)
            self.heldBack = nil
            guard !self.isOver else { return }
            // The end of the socket follows, unless a process that left the group holds it open.
            self.port.eventLoop.scheduleTask(in: .milliseconds(50)) { self.context?.close(promise: nil) }
        }
    }
}
