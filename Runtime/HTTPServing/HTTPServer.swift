import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

/// The front door: listens, reads HTTP/1.1 strictly (RFC 9110, 9112), hands requests over, writes responses.
///
/// This module knows sockets, bytes, framing, limits, deadlines and the end of service. It must not know the
/// manifest, routes, callers, or what an error's body looks like: the `RequestHandler` answers everything, refused
/// bytes too. Connections are spread round robin over the loops of the group; each stays on its loop, and its
/// requests, their receivers and responders live there.
public final class HTTPServer: Sendable {
    let configuration: HTTPServerConfiguration
    let group: MultiThreadedEventLoopGroup
    let loops: [LoopConnections]
    let count: ConnectionCount
    let observer: (any HTTPServerObserver)?
    let listeners = Mutex(Listeners())

    struct Listeners {
        var channels: [any Channel] = []
        var socketPaths: [String] = []
        var isDraining = false
    }

    /// A server that does not listen yet. The group is the caller's, to end after `drain`; its loops are numbered in
    /// its order, and `IncomingRequest.loop` is that number.
    public init(
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        group: MultiThreadedEventLoopGroup,
        handler: any RequestHandler, observer: (any HTTPServerObserver)? = nil
    ) {
        self.configuration = configuration
        self.group = group
        self.observer = observer
        count = ConnectionCount(cap: max(1, configuration.maxConnections))
        loops = group.makeIterator().enumerated().map { index, eventLoop in
            LoopConnections(
                index: index, eventLoop: eventLoop, handler: handler, observer: observer,
                configuration: configuration)
        }
    }

    /// Connections open now.
    public var openConnections: Int { count.current }

    /// Requests begun since the start.
    public var requests: Int { loops.reduce(0) { $0 + $1.requestCount } }
}
