import HTTPServing
import Logging
import Manifests
import NIOPosix
import ServiceLifecycle

/// One HTTP server as a service: bound before it runs, drained at the graceful shutdown.
struct FrontDoor: Service {
    let server: HTTPServer
    let grace: Duration
    /// Called at the start of the shutdown, before anything is closed.
    let onShutdown: @Sendable () async -> Void

    func run() async throws {
        try? await gracefulShutdown()
        await onShutdown()
        await server.drain(grace: grace)
    }
}

extension HTTPServerConfiguration {
    /// The limits of the manifest's `server` section.
    init(_ settings: ServerSettings) {
        self.init()
        headerTimeout = settings.headerTimeout
        idleTimeout = settings.idleTimeout
        maxConnections = settings.maxConnections
    }
}

extension ListenEndpoint {
    /// Where the manifest says to listen; paths of sockets are relative to `folder`.
    init(_ address: ListenAddress, in folder: String) throws {
        switch address {
        case .tcp(let host, let port): self = .tcp(host: host, port: port)
        case .unix(let path): self = .unix(path: path.hasPrefix("/") ? path : folder + "/" + path)
        case .systemd(let name): throw CommandFailure("`listen: systemd:\(name)` is not supported yet.")
        }
    }
}
