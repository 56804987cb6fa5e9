import WireProtocol

// Leases of connections: what the worker says of them goes to the broker, what the broker decides to the worker.
extension WorkerLink {
    /// Names this worker to the budget.
    var leaseHolder: LeaseHolder { LeaseHolder(token: token) }

    /// The worker wants a connection.
    func requestLease(_ frame: LeaseRequestFrame) {
        // What a process said before its end may be read after it: nobody would give that lease back.
        guard hasProcess else { return }
        guard pool.specification.usesDatabase else {
            return write(.answer(.init(lease: frame.lease, outcome: .refused)))
        }
        hasAskedForLeases = true
        tell(.asked(frame))
    }

    /// The worker gives connections back.
    func returnLeases(_ frame: LeaseReturnFrame) { if hasAskedForLeases { tell(.returned(frame)) } }

    /// The link is gone.
    func silenceLeases() { if hasAskedForLeases, hasProcess { tell(.silenced) } }

    /// The process is gone, and its connections with it.
    func endLeases() { if hasAskedForLeases { tell(.gone) } }

    /// Says it to the worker, at the end of this wake-up.
    func write(_ order: LeaseOrder) {
        guard !isOver else { return }
        switch order {
        case .answer(let frame): frame.encode(into: &out)
        case .recall(let frame): frame.encode(into: &out)
        }
        touch()
    }

    private func tell(_ event: LeaseEvent) { port.hand(.leaseEvent(pool.host.broker, event, self)) }
}
