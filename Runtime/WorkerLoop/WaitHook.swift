/// A callback added by `WorkerLoop.beforeWait`, to remove it.
public struct WaitHook: Sendable {
    let loop: WorkerLoop
    let id: UInt64

    /// Removes the callback. On the loop's thread it is not called again from here on.
    public func cancel() {
        let id = id
        let loop = loop
        loop.perform { loop.hooks.removeAll { $0.id == id } }
    }
}
