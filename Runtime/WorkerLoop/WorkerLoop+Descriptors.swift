import CLinux
import Glibc

extension WorkerLoop {
    /// Waits until a read of the descriptor would not block; that includes its end and its failure.
    ///
    /// Throws `CancellationError` when the task is cancelled, `DescriptorClosed` when the descriptor is closed
    /// through `close(_:)` or is not open, `SystemCallFailure` when the kernel refuses (no memory). Any number
    /// of tasks may wait for one descriptor. Who closes it otherwise must first end its waits.
    nonisolated(nonsending) public func readable(_ descriptor: Int32) async throws {
        _ = try await ready(descriptor, for: .read)
    }

    /// Waits until a write to the descriptor would not block; that includes its failure. Otherwise as
    /// `readable`, and both may be waited for at the same time.
    nonisolated(nonsending) public func writable(_ descriptor: Int32) async throws {
        _ = try await ready(descriptor, for: .write)
    }

    /// Waits until the descriptor is ready for any of `interest` (`read`, `write`), and says for what it is;
    /// more than was asked for may be in the answer. Throws as `readable` does.
    nonisolated(nonsending) public func ready(
        _ descriptor: Int32, for interest: Readiness
    ) async throws -> Readiness {
        let id = inbox.nextNumber()
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: WaitContinuation) in
                if isCurrent {
                    addWait(descriptor, id: id, for: interest, continuation)
                } else {
                    inbox.submit(
                        .call { [self] in addWait(descriptor, id: id, for: interest, continuation) })
                }
                // The handler may have run before the wait was known; then this is the one that ends it.
                if Task.isCancelled { cancelWait(descriptor, id: id) }
            }
        } onCancel: {
            cancelWait(descriptor, id: id)
        }
    }

    /// Calls back on the loop's thread, in each turn in which the descriptor is ready for what is asked, until
    /// the watch is cancelled. `hangup` and `error` come without being asked for.
    ///
    /// No task is made and nothing is allocated for an event, and no system call but the wait is needed. A
    /// descriptor has one watch; a second one takes the place of the first. On the loop's thread it throws
    /// what the kernel refuses; from another thread the callback gets `error` instead.
    public func watch(
        _ descriptor: Int32, for interest: Readiness = .read,
        _ callback: @escaping @Sendable (Readiness) -> Void
    ) throws -> DescriptorWatch {
        let watch = DescriptorWatch(loop: self, descriptor: descriptor, id: inbox.nextNumber())
        if isCurrent {
            try addWatch(watch, for: interest, callback)
        } else {
            inbox.submit(
                .call { [self] in
                    do { try addWatch(watch, for: interest, callback) } catch { callback(.error) }
                })
        }
        return watch
    }

    /// Ends all watches and waits of the descriptor, the latter with `DescriptorClosed`, and closes it.
    public func close(_ descriptor: Int32) {
        perform { [self] in
            forget(descriptor)
            _ = Glibc.close(descriptor)
        }
    }

    /// Ends all watches and waits of the descriptor, the latter with `DescriptorClosed`, and leaves it open:
    /// for a library that closes its descriptors itself.
    public func forgetDescriptor(_ descriptor: Int32) {
        perform { [self] in forget(descriptor) }
    }

    // MARK: On the loop's thread

    private func forget(_ descriptor: Int32) {
        let (change, waiters) = descriptors.forget(descriptor)
        if change != nil { _ = clinux_epoll_remove(epoll, descriptor) }
        hasForgottenInBatch = true
        for waiter in waiters { waiter.resume(throwing: DescriptorClosed(descriptor: descriptor)) }
    }

    private func addWait(
        _ descriptor: Int32, id: UInt64, for interest: Readiness, _ continuation: WaitContinuation
    ) {
        guard descriptor >= 0 else {
            continuation.resume(throwing: DescriptorClosed(descriptor: descriptor))
            return
        }
        let change = descriptors.addWait(descriptor, id: id, for: interest, continuation)
        let code = tell(change, descriptor, newest: id)
        if code == 0 { return }
        guard let waiter = descriptors.removeWait(descriptor, id: id) else { return }
        switch code {
        case EPERM: waiter.resume(returning: interest)  // A regular file never blocks.
        case EBADF: waiter.resume(throwing: DescriptorClosed(descriptor: descriptor))
        default: waiter.resume(throwing: SystemCallFailure(call: "epoll_ctl", code: code))
        }
    }

    private func cancelWait(_ descriptor: Int32, id: UInt64) {
        perform { [self] in
            descriptors.removeWait(descriptor, id: id)?.resume(throwing: CancellationError())
        }
    }

    private func addWatch(
        _ watch: DescriptorWatch, for interest: Readiness, _ callback: @escaping @Sendable (Readiness) -> Void
    ) throws {
        guard watch.descriptor >= 0 else { throw DescriptorClosed(descriptor: watch.descriptor) }
        let change = descriptors.setWatch(watch.descriptor, id: watch.id, for: interest, callback)
        let code = tell(change, watch.descriptor, newest: watch.id)
        if code == 0 { return }
        _ = descriptors.removeWatch(watch.descriptor, id: watch.id)
        if code == EBADF { throw DescriptorClosed(descriptor: watch.descriptor) }
        throw SystemCallFailure(call: "epoll_ctl", code: code)
    }

    func changeWatch(_ watch: DescriptorWatch, adding: Readiness = [], removing: Readiness = []) {
        let change = descriptors.changeWatch(
            watch.descriptor, id: watch.id, adding: adding, removing: removing)
        _ = tell(change, watch.descriptor, newest: watch.id)
    }

    func removeWatch(_ watch: DescriptorWatch) {
        let change = descriptors.removeWatch(watch.descriptor, id: watch.id)
        if change == .remove { hasForgottenInBatch = true }
        _ = tell(change, watch.descriptor, newest: 0)
    }

    /// Tells the kernel. When it answers that it does not know a registered descriptor, the file was closed
    /// behind the loop's back: older waits end, and `newest` is registered for the file of that number now.
    /// Answers 0 or the `errno` that stands in the way of `newest`.
    func tell(
        _ change: DescriptorTable<WaitContinuation>.Change?, _ descriptor: Int32, newest: UInt64
    ) -> Int32 {
        switch change {
        case nil: return 0
        case .remove:
            _ = clinux_epoll_remove(epoll, descriptor)
            return 0
        case .add(let events, let token):
            var code = clinux_epoll_add(epoll, descriptor, events, token)
            if code == -EEXIST { code = clinux_epoll_modify(epoll, descriptor, events, token) }
            if code < 0 { descriptors.markUnregistered(descriptor) }
            return -code
        case .modify(let events, let token):
            let code = clinux_epoll_modify(epoll, descriptor, events, token)
            guard code == -ENOENT || code == -EBADF else { return -code }
            let (change, stale) = descriptors.replace(descriptor, keeping: newest)
            for waiter in stale { waiter.resume(throwing: DescriptorClosed(descriptor: descriptor)) }
            return tell(change, descriptor, newest: newest)
        }
    }
}
