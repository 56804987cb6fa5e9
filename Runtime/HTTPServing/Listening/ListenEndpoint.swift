/// Where a server listens; also what it tells of where it was bound.
public enum ListenEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A TCP address or host name, and a port; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A Unix stream socket at that path, of 107 bytes at most; a stale one that nobody answers on is replaced.
    case unix(path: String)
    /// A socket that is bound already, as systemd hands it over.
    case descriptor(Int32)

    /// As one writes it: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/swiftlet.sock`, `fd:3`.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .descriptor(let number): "fd:\(number)"
        }
    }
}
