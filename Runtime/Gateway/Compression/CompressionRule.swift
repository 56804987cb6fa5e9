import Manifests
import WireProtocol

/// Whether an answer is sent as gzip (`compression`; contract 3.6).
struct CompressionRule: Sendable {
    /// What a request says of it; read once, when the request comes.
    struct Request: Sendable, Equatable {
        /// Whether gzip is accepted.
        var takesGzip: Bool
        /// Whether `X-No-Compression` is there, whatever its value.
        var isTurnedOff: Bool

        /// What these fields say.
        init(_ headers: HeaderList) {
            takesGzip = AcceptEncoding.takesGzip(headers)
            isTurnedOff = headers.contains("x-no-compression")
        }
    }

    /// What becomes of an answer.
    enum Verdict: Sendable, Equatable {
        /// It could not be compressed for anybody: `Vary` says nothing of it.
        case never
        /// It could be, but not for this client: `Vary: Accept-Encoding`.
        case plain
        /// It is to be: `Vary: Accept-Encoding`.
        case gzip

        /// Whether `Vary` names `Accept-Encoding`.
        var varies: Bool { self != .never }
    }

    /// Smaller bodies stay as they are, in bytes.
    let minimum: Int
    /// zlib's level.
    let level: Int

    /// The rule of a manifest; nil where compression is off.
    init?(_ settings: CompressionSettings?) {
        guard let settings else { return nil }
        minimum = settings.minimum.bytes
        level = settings.level
    }

    /// Decides on one answer whose body is whole. HEAD is decided as the GET that it stands for; a 304 has no body, and
    /// `Vary` of it is that of the answer which it stands for.
    ///
    /// - Parameters:
    ///   - headers: the answer's.
    ///   - length: of its body as it is.
    func verdict(_ status: Status, _ headers: HeaderList, length: Int, _ request: Request) -> Verdict {
        // Parts of a body are counted in its own bytes (RFC 9110, section 14), and 205 has none.
        guard !status.forbidsBody, status.code != 206, status.code != 205 else { return .never }
        guard length > 0, length >= minimum else { return .never }
        var type = false
        var isBarred = false
        headers.forEach { name, value in
            switch name.count {
            case 6 where name.isText("digest"): isBarred = true
            case 11 where name.isText("content-md5") || name.isText("repr-digest"): isBarred = true
            case 12 where name.isText("content-type"): type = CompressibleTypes.contains(value)
            case 13 where name.isText("content-range"): isBarred = true
            case 13 where name.isText("cache-control"):
                ListElements.forEach(in: value, separator: UInt8(ascii: ",")) { directive in
                    if directive.isTextIgnoringCase("no-transform") { isBarred = true }
                    return !isBarred
                }
            // Checksums of the bytes as they are (RFC 9530) would be wrong of others.
            case 14 where name.isText("content-digest"): isBarred = true
            case 16 where name.isText("content-encoding"): isBarred = true
            default: break
            }
        }
        guard type, !isBarred else { return .never }
        return request.takesGzip && !request.isTurnedOff ? .gzip : .plain
    }

    /// Compresses an answer whose verdict is `gzip`: its body, `Content-Encoding`, and `-gzip` in its `ETag`.
    ///
    /// - Returns: Whether it did; an answer that would not become smaller stays as it is.
    func apply(_ response: inout OutgoingResponse, _ encoder: GzipEncoder) -> Bool {
        guard let body = encoder.encode(response.body, level: level) else { return false }
        response.body = body
        mark(&response)
        return true
    }

    /// Says of an answer that its body is compressed: `Content-Encoding`, and `-gzip` in its `ETag`.
    func mark(_ response: inout OutgoingResponse) {
        response.headers = EntityTag.compressed(in: response.headers)
        response.headers.append(constant: "content-encoding", "gzip")
    }
}
