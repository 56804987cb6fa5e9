import Glibc
import NIOCore

extension HTTPServer {
    /// Ends service: accepts nothing more, closes idle connections at once, answers what is in flight with
    /// `Connection: close`, and closes what is left after `grace`. Returns when no connection is open.
    public func drain(grace: Duration) async {
        let (channels, paths) = listeners.withLock { listeners in
            listeners.isDraining = true
            defer {
                listeners.channels = []
                listeners.socketPaths = []
            }
            return (listeners.channels, listeners.socketPaths)
        }
        for channel in channels { try? await channel.close() }
        HTTPServer.remove(paths)
        for loop in loops { loop.eventLoop.execute { loop.drain() } }
        guard let first = loops.first else { return }
        let deadline = first.eventLoop.scheduleTask(in: .nanoseconds(Int64(clamping: grace.nanoseconds))) {
            [loops] in
            for loop in loops { loop.eventLoop.execute { loop.closeAll() } }
        }
        await withCheckedContinuation { done in count.whenNone { done.resume() } }
        deadline.cancel()
    }

    static func remove(_ socketPaths: [String]) {
        for path in socketPaths { unlink(path) }
    }
}
