import HTTPServing
import Logging
import Manifests
import NIOPosix
import ServiceLifecycle

/// One HTTP server as a service: bound before it runs, drained at the graceful shutdown.
struct FrontDoor: Service {
    let server: HTTPServer
    let grace: Duration
    let patience: Patience
    /// Called at the start of the shutdown, before anything is closed.
    let onShutdown: @Sendable () async -> Void

    func run() async throws {
        try? await gracefulShutdown()
        await onShutdown()
        await server.drain(grace: patience.grace(grace))
    }
}

extension HTTPServerConfiguration {
    /// The limits of the manifest's `server` section. A client cannot take a header that decides something out by
    /// nominating it in `Connection`, whatever the manifest calls it.
    init(_ manifest: Manifest) {
        self.init()
        headerTimeout = manifest.server.headerTimeout
        idleTimeout = manifest.server.idleTimeout
        maxConnections = manifest.server.maxConnections
        if let versions = manifest.versions { rules.kept.append(versions.header.lowercased()) }
        if let keys = manifest.auth?.apiKeys { rules.kept.append(keys.header.lowercased()) }
        for function in manifest.functions {
            if let header = function.idempotency?.header.lowercased(), !rules.kept.contains(header) {
                rules.kept.append(header)
            }
        }
    }
}

extension HTTPServerConfiguration {
    /// The limits of the admin listeners: few connections, so that idle ones leave the descriptors to the others.
    static var admin: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.maxConnections = 16
        return configuration
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
