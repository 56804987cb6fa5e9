import Manifests

extension Manifest {
    /// Listens on this port instead of the one in the file, on the first TCP address's host.
    /// - Throws: `CommandFailure` when the manifest listens on no TCP address.
    public mutating func listen(onPort port: Int) throws {
        for address in server.listen {
            if case .tcp(let host, _) = address {
                server.listen = [.tcp(host: host, port: port)]
                return
            }
        }
        throw CommandFailure("--port has no meaning here: `server.listen` names no TCP address.")
    }
}
