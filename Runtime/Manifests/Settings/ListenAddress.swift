/// Where a listener is bound.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host (an address, without brackets for IPv6, or a name) and a port; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A socket in the file system, by its absolute path; at most 107 bytes.
    case unix(String)
    /// A socket that systemd hands over, by its name.
    case systemd(String)

    /// Parses `HOST:PORT`, `[IPV6]:PORT`, `unix:PATH` or `systemd:NAME`; a path stays as it is written.
    public init?(_ text: String) {
        guard let address = try? ListenAddress(parsing: text) else { return nil }
        self = address
    }

    /// The address as a manifest writes it.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .systemd(let name): "systemd:\(name)"
        }
    }

    init(parsing text: String) throws(TextProblem) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else {
                throw TextProblem("names no path after `unix:`", fix: "write `unix:.swiftlet/http.sock`")
            }
            self = .unix(path)
        } else if text.hasPrefix("systemd:") {
            let name = String(text.dropFirst(8))
            guard !name.isEmpty else {
                throw TextProblem("names no socket after `systemd:`", fix: "write `systemd:http`")
            }
            self = .systemd(name)
        } else {
            self = try Self.tcp(text)
        }
    }

    private static func tcp(_ text: String) throws(TextProblem) -> ListenAddress {
        guard !text.isEmpty else { throw TextProblem("is empty", fix: "write `127.0.0.1:8080`") }
        guard !text.contains("://") else {
            throw TextProblem("is a URL, not an address", fix: "write `127.0.0.1:8080`")
        }
        guard let colon = text.lastIndex(of: ":") else {
            let isPort = Int(text) != nil
            throw TextProblem(
                isPort ? "has no host" : "has no port",
                fix: isPort ? "write `127.0.0.1:\(text)`" : "write `\(text):8080`")
        }
        var host = String(text[..<colon])
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), port <= 65_535
        else {
            throw TextProblem("has no port from 0 to 65535", fix: "write `\(host):8080`")
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard AddressRange.bytes(ofIPv6: host) != nil else {
                throw TextProblem("has no IPv6 address in its brackets", fix: "write `[::1]:\(port)`")
            }
            return .tcp(host: host, port: port)
        }
        guard !host.isEmpty, host != "*" else {
            throw TextProblem(
                "has no host", fix: "write `0.0.0.0:\(port)` for every address, or `127.0.0.1:\(port)`")
        }
        guard !host.contains(":") else {
            throw TextProblem("needs brackets around an IPv6 address", fix: "write `[\(host)]:\(port)`")
        }
        let allowed = host.utf8.allSatisfy { TextFormat.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E }
        guard allowed else {
            throw TextProblem("has a host with characters no host has", fix: "write `127.0.0.1:\(port)`")
        }
        return .tcp(host: host, port: port)
    }
}
