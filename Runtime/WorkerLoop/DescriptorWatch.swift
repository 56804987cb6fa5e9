/// A standing interest in a descriptor, made by `WorkerLoop.watch`.
///
/// It holds its loop and no descriptor: letting go of it changes nothing, and whoever closes the descriptor
/// cancels the watch before.
public struct DescriptorWatch: Sendable {
    let loop: WorkerLoop
    /// The descriptor's number.
    public let descriptor: Int32
    let id: UInt64

    /// Begins or ends calling back for reads. One system call when it changes something, else none.
    public func setReading(_ isWanted: Bool) {
        set(.read, isWanted)
    }

    /// Begins or ends calling back for writes. One system call when it changes something, else none.
    ///
    /// With neither reads nor writes asked for, the descriptor leaves epoll, and a hangup is not reported
    /// until one of them is asked for again.
    public func setWriting(_ isWanted: Bool) {
        set(.write, isWanted)
    }

    /// Ends the watch. On the loop's thread the callback is not called from here on.
    public func cancel() {
        if loop.isCurrent {
            loop.removeWatch(self)
        } else {
            let watch = self
            loop.post { watch.loop.removeWatch(watch) }
        }
    }

    private func set(_ interest: Readiness, _ isWanted: Bool) {
        if loop.isCurrent {
            apply(interest, isWanted)
        } else {
            let watch = self
            loop.post { watch.apply(interest, isWanted) }
        }
    }

    private func apply(_ interest: Readiness, _ isWanted: Bool) {
        loop.changeWatch(self, adding: isWanted ? interest : [], removing: isWanted ? [] : interest)
    }
}
