import CLinux
import Glibc

extension WorkerLoop {
    /// Hands out what one wait has reported.
    func dispatch(_ count: Int) {
        hasForgottenInBatch = false
        var hasStaleEvent = false
        for index in 0..<count {
            let event = events[index]
            let token = event.data.u64
            if token == Self.wakeToken { continue }
            guard descriptors.accept(token) else {
                hasStaleEvent = hasStaleEvent || !hasForgottenInBatch
                continue
            }
            deliver(Readiness(epoll: event.events), to: Int32(truncatingIfNeeded: token))
        }
        if hasStaleEvent { rebuild() }
    }

    private func deliver(_ ready: Readiness, to descriptor: Int32) {
        while let waiter = descriptors.takeWait(descriptor, readyFor: ready) {
            waiter.resume(returning: ready)
        }
        rearm(descriptor)
        // Last, for the callback may cancel, close and register whatever it likes.
        if let watch = descriptors.watch(descriptor, readyFor: ready) { watch.callback(watch.ready) }
    }

    /// Asks again for what the remaining waits need. A refusal means that the file was closed: they end.
    private func rearm(_ descriptor: Int32) {
        guard let change = descriptors.settle(descriptor) else { return }
        if tell(change, descriptor, newest: 0) == 0 { return }
        for waiter in descriptors.forget(descriptor).waiters {
            waiter.resume(throwing: DescriptorClosed(descriptor: descriptor))
        }
    }

    /// Makes a new epoll with the present registrations.
    ///
    /// A descriptor closed without the loop's knowledge while another one still holds its file goes on being
    /// reported, cannot be removed by its number, and would keep every wait from waiting. It is rare; so the
    /// remedy may cost a call for each descriptor.
    private func rebuild() {
        guard let fresh = try? Self.makeEpoll(watching: inbox.eventDescriptor) else { return }
        _ = Glibc.close(epoll)
        epoll = fresh
        for (descriptor, change) in descriptors.registerAll() {
            if tell(change, descriptor, newest: 0) == 0 { continue }
            for waiter in descriptors.forget(descriptor).waiters {
                waiter.resume(throwing: DescriptorClosed(descriptor: descriptor))
            }
        }
    }
}

extension Readiness {
    /// A hangup or a failure ends every wait: the read or write that follows finds out what it is.
    init(epoll events: UInt32) {
        var ready: Readiness = []
        if events & (clinux_epoll_in | clinux_epoll_rdhup) != 0 { ready.insert(.read) }
        if events & clinux_epoll_out != 0 { ready.insert(.write) }
        if events & clinux_epoll_hup != 0 { ready.formUnion([.read, .write, .hangup]) }
        if events & clinux_epoll_err != 0 { ready.formUnion([.read, .write, .error]) }
        self = ready
    }
}
