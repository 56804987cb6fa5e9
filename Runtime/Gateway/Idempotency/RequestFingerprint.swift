import Crypto
import WireProtocol

/// What a request asks for, as 32 bytes: the SHA-256 of method, path, query, `Content-Type` and body, each with its
/// length before it; of `Content-Type` each line. The same key with another fingerprint is another request.
///
/// HEAD counts as GET, which it is run as. Fields other than `Content-Type` do not count: a repeated request comes with
/// a new token and a new id.
struct RequestFingerprint: Sendable, Hashable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// The fingerprint of a request with its whole body, as the handler gets it.
    init(_ request: borrowing IncomingRequest, body: [UInt8]) {
        var hash = SHA256()
        hash.update(part: [(request.method == .head ? Method.get : request.method).rawValue])
        hash.update(part: request.path)
        hash.update(part: request.query)
        var types = 0
        request.headers.forEach { name, value in
            guard name.isText("content-type") else { return }
            hash.update(part: Array(value))
            types += 1
        }
        if types == 0 { hash.update(part: []) }
        hash.update(part: body)
        bytes = Array(hash.finalize())
    }

    /// The fingerprint that a record holds.
    init(stored bytes: [UInt8]) { self.bytes = bytes }
}
