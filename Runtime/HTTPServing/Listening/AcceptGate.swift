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
    private let retry: TimeAmount
    private var context: ChannelHandlerContext?
    private var paused: AcceptPause?

    init(count: ConnectionCount, observer: (any HTTPServerObserver)?, retry: TimeAmount = .milliseconds(200)) {
        self.count = count
        self.observer = observer
        self.retry = retry
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

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
        guard paused == nil, let context else { return }
        paused = cause
        observer?.acceptingPaused(cause)
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        switch cause {
        case .connectionCap: count.whenRoom { loop.execute { bound.value.resume() } }
        case .resources: loop.scheduleTask(in: retry) { bound.value.resume() }
        }
    }

    private func resume() {
        guard paused != nil, let context else { return }
        paused = nil
        if count.isFull {
            pause(.connectionCap)
            return
        }
        observer?.acceptingResumed()
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        // After a failed accept NIO believes that it still reads, and would not register again by itself.
        context.read()
    }
}
