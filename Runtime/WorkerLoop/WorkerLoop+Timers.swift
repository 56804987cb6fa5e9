extension WorkerLoop {
    /// The monotonic clock's time.
    public func now() -> LoopInstant {
        .now
    }

    /// Calls back on the loop's thread when the delay has passed, up to a millisecond later; a delay of zero
    /// or less means the next turn.
    @discardableResult
    public func schedule(after delay: Duration, _ callback: @escaping @Sendable () -> Void) -> LoopTimer {
        schedule(at: LoopInstant.now.advanced(by: delay), callback)
    }

    /// Calls back on the loop's thread at the time given, up to a millisecond later; callbacks of equal times
    /// in the order of their scheduling.
    @discardableResult
    public func schedule(at deadline: LoopInstant, _ callback: @escaping @Sendable () -> Void) -> LoopTimer {
        if isCurrent {
            let id = timers.insert(.call(callback), at: deadline)
            return LoopTimer(rawValue: UInt64(id.slot) << 32 | UInt64(id.generation))
        }
        let number = inbox.nextNumber()
        inbox.submit(
            .call { [self] in
                remoteTimers[number] = timers.insert(.remote(number, callback), at: deadline)
            })
        return LoopTimer(rawValue: LoopTimer.remoteBit | number)
    }

    /// Takes back what was scheduled; a timer that has fired is ignored. On the loop's thread the callback is
    /// not called from here on; from another thread it may be under way.
    public func cancel(_ timer: LoopTimer) {
        guard isCurrent else {
            inbox.submit(.call { [self] in cancelHere(timer) })
            return
        }
        cancelHere(timer)
    }

    private func cancelHere(_ timer: LoopTimer) {
        if timer.isRemote {
            guard let id = remoteTimers.removeValue(forKey: timer.rawValue & ~LoopTimer.remoteBit) else {
                return
            }
            timers.cancel(id)
        } else {
            let slot = UInt32(truncatingIfNeeded: timer.rawValue >> 32)
            timers.cancel(.init(slot: slot, generation: UInt32(truncatingIfNeeded: timer.rawValue)))
        }
    }
}
