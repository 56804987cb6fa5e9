import Manifests
import WireProtocol

/// Which other origins' pages may read answers (`cors`; contract 3.8; the CORS protocol of WHATWG Fetch, section 3.2).
///
/// An origin is compared byte by byte with those of the manifest: browsers send scheme and host in lower case, in ASCII
/// and without the scheme's own port (RFC 6454, section 6.2), and the answer must repeat what they sent. There are no
/// wildcards inside an origin. `null` is never among the allowed; `*` says that anybody may read, and is one and the
/// same answer for everybody.
final class CrossOriginPolicy: Sendable {
    /// Whether an answer depends on `Origin`: then `Vary` names it, also where the request has none.
    let varyOrigin: Bool

    /// The allowed origins; not looked at where every origin is.
    private let origins: [[UInt8]]
    private let allowsCredentials: Bool
    private let expose: [UInt8]
    private let headers: [UInt8]
    /// nil: the route's.
    private let methods: [UInt8]?
    private let maxAge: [UInt8]?

    /// The policy of a manifest; nil where it has none.
    init?(_ manifest: Manifest) {
        guard let settings = manifest.cors else { return nil }
        if settings.allowsEveryOrigin {
            origins = []
            // Refused by the manifest's check; a browser would not obey it.
            allowsCredentials = false
        } else {
            origins = settings.origins.filter { $0 != "null" }.map { Array(Self.serialized($0).utf8) }
            allowsCredentials = settings.credentials
        }
        varyOrigin = !settings.allowsEveryOrigin
        expose = Array((settings.expose ?? Self.exposed).joined(separator: ", ").utf8)
        headers = Array((settings.headers ?? Self.requestHeaders(manifest)).joined(separator: ", ").utf8)
        methods = settings.methods.map { Array($0.joined(separator: ", ").utf8) }
        maxAge = settings.maxAge.map { Array(String(max(0, $0.components.seconds)).utf8) }
    }

    /// Whether a request with the method OPTIONS is a preflight: it names its origin and the method to come.
    static func isPreflight(_ headers: HeaderList) -> Bool {
        headers.contains("access-control-request-method") && headers.contains("origin")
    }

    /// The answer to a preflight, 204, without `Vary`; nil where the request is none. It comes before authentication
    /// and limits. An origin that is not allowed is told nothing but `Allow`.
    ///
    /// - Parameters:
    ///   - headers: the request's.
    ///   - allowed: the methods of the path.
    func preflight(_ headers: HeaderList, allowed: MethodSet) -> OutgoingResponse? {
        guard Self.isPreflight(headers) else { return nil }
        var answer: HeaderList = ["allow": allowed.allow]
        answer.reserve(320)
        guard let isAllowed = headers.withFirst("origin", { allow($0, &answer) }), isAllowed else {
            return OutgoingResponse(status: .noContent, headers: answer)
        }
        if let methods {
            answer.append("access-control-allow-methods", bytes: methods)
        } else {
            answer.append("access-control-allow-methods", bytes: Array(Self.text(allowed).utf8))
        }
        if !self.headers.isEmpty { answer.append("access-control-allow-headers", bytes: self.headers) }
        if let maxAge { answer.append("access-control-max-age", bytes: maxAge) }
        return OutgoingResponse(status: .noContent, headers: answer)
    }

    /// Adds to an answer (also to an error and a 304) what lets the origin's pages read it; without `Vary`. A preflight's
    /// answer is whole already and must not come here.
    ///
    /// What a handler said of it itself is taken out: two answers would be none.
    ///
    /// - Parameter origin: the request's `Origin`; nil: it has none.
    func decorate(_ origin: UnsafeRawBufferPointer?, _ headers: inout HeaderList) {
        Self.removeOwn(&headers)
        guard allow(origin, &headers) else { return }
        if !expose.isEmpty { headers.append("access-control-expose-headers", bytes: expose) }
    }

    /// Names the origin where it is allowed; false where it is not.
    private func allow(_ origin: UnsafeRawBufferPointer?, _ headers: inout HeaderList) -> Bool {
        guard varyOrigin else {
            headers.append(constant: "access-control-allow-origin", "*")
            return true
        }
        guard let origin, origins.contains(where: { origin.isBytes($0) }) else { return false }
        headers.append("access-control-allow-origin", origin)
        if allowsCredentials { headers.append(constant: "access-control-allow-credentials", "true") }
        return true
    }

    private static func removeOwn(_ headers: inout HeaderList) {
        func isOwn(_ name: UnsafeRawBufferPointer) -> Bool {
            name.count >= 22 && name[0] == UInt8(ascii: "a") && name.part(0..<15).isText("access-control-")
        }
        var isThere = false
        headers.forEach { name, _ in if isOwn(name) { isThere = true } }
        guard isThere else { return }
        var rest = HeaderList()
        rest.reserve(headers.packed.count + 160)
        headers.forEach { name, value in
            if !isOwn(name) { rest.append(name: name, value: value) }
        }
        headers = rest
    }

    /// The path's own methods and HEAD for GET; OPTIONS only where a route has it.
    private static func text(_ methods: MethodSet) -> String {
        var all = methods
        if all.contains(MethodSet(.get)) { all.insert(MethodSet(.head)) }
        return Method.allCases.filter { all.contains(MethodSet($0)) }.map(\.description).joined(separator: ", ")
    }

    /// An origin as browsers send it: without the port that its scheme has anyway.
    private static func serialized(_ origin: String) -> String {
        let origin = origin.lowercased()
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")]
        where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
            return String(origin.dropLast(port.count))
        }
        return origin
    }

    /// What pages may read where the manifest does not say.
    private static let exposed = [
        "X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After", "Link", "Location", "ETag",
    ]

    /// What pages may send where the manifest does not say: what the conventions give a meaning to.
    private static func requestHeaders(_ manifest: Manifest) -> [String] {
        var names = [
            "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id",
            "traceparent",
        ]
        let more =
            [manifest.versions?.header, manifest.auth?.apiKeys?.header]
            + manifest.functions.map { $0.idempotency?.header }
        for name in more.compactMap({ $0?.lowercased() }) where !names.contains(name) { names.append(name) }
        return names
    }
}
