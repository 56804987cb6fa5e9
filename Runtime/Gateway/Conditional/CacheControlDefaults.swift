import Manifests
import WireProtocol

/// The `Cache-Control` of a function's answers to GET and HEAD where the handler set none (contract 3.5).
///
/// | answer | `auth: none` | else |
/// |---|---|---|
/// | 2xx, 301, 308, with `cache.clients` | `max-age=N` | `private, max-age=N` |
/// | 2xx and 3xx | `no-cache` | `private, no-cache` |
/// | 4xx and 5xx that the handler wrote itself | `no-store` | `no-store` |
///
/// Answers to other methods get none: nothing keeps them unless they say so (RFC 9110, section 9.3.3).
struct CacheControlDefaults: Sendable {
    private let lasting: [UInt8]
    private let plain: [UInt8]

    init(auth: AuthRule, clients: Duration?) {
        let owner = auth == .none ? "" : "private, "
        plain = Array((owner + "no-cache").utf8)
        lasting = clients.map { Array((owner + "max-age=\(max(0, $0.components.seconds))").utf8) } ?? plain
    }

    init(_ settings: FunctionSettings) {
        self.init(auth: settings.auth, clients: settings.cache?.clients)
    }

    /// Adds the field to a handler's answer that lacks it.
    func append(_ method: Method, _ status: Status, to headers: inout HeaderList) {
        guard method == .get || method == .head, !headers.contains("cache-control") else { return }
        switch status.code {
        case 200..<300, 301, 308: headers.append("cache-control", bytes: lasting)
        case 300..<400: headers.append("cache-control", bytes: plain)
        default: headers.append(constant: "cache-control", "no-store")
        }
    }
}
