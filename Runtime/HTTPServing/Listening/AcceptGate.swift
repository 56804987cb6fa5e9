import Glibc
import NIOCore

/// Stands before a listener's accepting: stops it at the connection cap, and where the system has nothing left to
/// accept with; lets it go on when there is room.
///
/// NIO goes on polling a listener whose `accept` fails for want of descriptors, which keeps a core busy.
final class AcceptGate: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let count: ConnectionCount
    private let observer: (any HTTPServerObserver)?
    /// How long it waits where the system has nothing left.
    private let retry: TimeAmount
    /// How long accepting must go on for a shortage to be over.
    private let calm: TimeAmount
    private var context: ChannelHandlerContext?
    private var episode = AcceptEpisode()
    private var settling: Scheduled<Void>?

    init(
        count: ConnectionCount, observer: (any HTTPServerObserver)?, retry: TimeAmount = .milliseconds(200),
        calm: TimeAmount = .seconds(1)
    ) {
        self.count = count
        self.observer = observer
        self.retry = retry
        self.calm = calm
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        settling?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        count.opened()
        observer?.connectionOpened()
        channel.closeFuture.whenComplete { [count, observer] _ in
            count.closed()
            observer?.connectionClosed()
        }
        context.fireChannelRead(data)
        if count.isFull { pause(.connectionCap) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return }
        switch error.errnoCode {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: pause(.resources)
        default: ()
        }
    }

    private func pause(_ cause: AcceptPause) {
        guard !episode.isPaused, let context else { return }
        settling?.cancel()
        settling = nil
        if episode.pause() { observer?.acceptingPaused(cause) }
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        waitForRoom(cause, context)
    }

    private func waitForRoom(_ cause: AcceptPause, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        switch cause {
        case .connectionCap: count.whenRoom { loop.execute { bound.value.resume() } }
        case .resources: loop.scheduleTask(in: retry) { bound.value.resume() }
        }
    }

    private func resume() {
        guard episode.isPaused, let context else { return }
        // Another listener's client may have taken the room.
        if count.isFull { return waitForRoom(.connectionCap, context) }
        episode.resume()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        settling = context.eventLoop.scheduleTask(in: calm) { bound.value.settle() }
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        // After a failed accept NIO believes that it still reads, and would not register again by itself.
        context.read()
    }

    private func settle() {
        settling = nil
        if episode.settle() { observer?.acceptingResumed() }
    }
}
