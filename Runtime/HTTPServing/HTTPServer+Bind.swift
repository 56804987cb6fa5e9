import NIOCore
import NIOPosix

extension HTTPServer {
    /// Listens on all of these, or on none: where one cannot be listened on, those before it are closed again.
    /// Answers where it listens now, with the ports that the system chose. Throws `ListenFailure`.
    public func bind(to endpoints: [ListenEndpoint]) async throws -> [ListenEndpoint] {
        var channels: [any Channel] = []
        var paths: [String] = []
        var bound: [ListenEndpoint] = []
        for endpoint in endpoints {
            do {
                let channel = try await listen(on: endpoint)
                channels.append(channel)
                if case .unix(let path) = endpoint { paths.append(path) }
                bound.append(HTTPServer.address(of: channel, asked: endpoint))
            } catch {
                for channel in channels { try? await channel.close() }
                HTTPServer.remove(paths)
                throw error as? ListenFailure ?? ListenFailure(endpoint, error: error)
            }
        }
        listeners.withLock {
            $0.channels += channels
            $0.socketPaths += paths
        }
        return bound
    }

    private func listen(on endpoint: ListenEndpoint) async throws -> any Channel {
        let bootstrap = makeBootstrap()
        switch endpoint {
        case .tcp(let host, let port):
            guard (0...65_535).contains(port) else { throw ListenFailure(endpoint, "a port is 0 to 65535") }
            return try await bootstrap.bind(host: host, port: port).get()
        case .unix(let path):
            try UnixSocketFile.makeFree(path)
            return try await bootstrap.bind(unixDomainSocketPath: path).get()
        case .descriptor(let number):
            return try await bootstrap.withBoundSocket(number).get()
        }
    }

    private func makeBootstrap() -> ServerBootstrap {
        let loops = loops
        let count = count
        let observer = observer
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One connection a turn, so that the cap is exact.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptGate(count: count, observer: observer))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // The connection asks for each read itself, so that it can stop.
            .childChannelOption(.autoRead, value: false)
            // What one read brings is taken before the next; NIO keeps no buffer but the first then.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let eventLoop = channel.eventLoop
                    guard let loop = loops.first(where: { $0.eventLoop === eventLoop }) else {
                        throw ChannelError.operationUnsupported
                    }
                    try channel.syncOptions?.setOption(.recvAllocator, value: SharedReadAllocator(loop.reads))
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop: loop))
                }
            }
    }

    private static func address(of channel: any Channel, asked: ListenEndpoint) -> ListenEndpoint {
        guard let address = channel.localAddress else { return asked }
        if let host = address.ipAddress, let port = address.port { return .tcp(host: host, port: port) }
        return .unix(path: address.pathname ?? "")
    }
}
