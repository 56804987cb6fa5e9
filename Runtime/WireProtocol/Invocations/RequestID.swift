/// The id of one request, on every response, log line and error: `X-Request-Id`.
///
/// Either what the client sent (`[A-Za-z0-9._-]{1,128}`) or `req_` and 26 characters of Crockford's base 32: 48 bits
/// of Unix time in milliseconds, then 80 random bits, so ids sort by time (the layout of ULID).
public enum RequestID: Sendable, Hashable {
    /// One made by the gateway.
    case generated(high: UInt64, low: UInt64)
    /// One that the client sent.
    case given(String)

    private static let alphabet: StaticString = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    /// A new id for a request that came at this Unix time; 80 bits are taken from `generator`.
    public init(milliseconds: UInt64, using generator: inout some RandomNumberGenerator) {
        let random = UInt64.random(in: .min ... .max, using: &generator)
        let more = generator.next() & 0xFFFF
        self = .generated(high: milliseconds << 16 | more, low: random)
    }

    /// A client's id; nil when it is not `[A-Za-z0-9._-]{1,128}`.
    public init?(header value: UnsafeRawBufferPointer) {
        guard (1...128).contains(value.count) else { return nil }
        for byte in value {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95: continue
            default: return nil
            }
        }
        self = .given(String(decoding: value, as: UTF8.self))
    }

    /// Appends the id's text to `bytes`.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .given(let text): bytes.append(contentsOf: text.utf8)
        case .generated(let high, let low):
            withUnsafeTemporaryAllocation(byteCount: 30, alignment: 1) { text in
                text[0] = 114  // r
                text[1] = 101  // e
                text[2] = 113  // q
                text[3] = 95  // _
                var low = low
                var high = high
                for index in stride(from: 29, through: 4, by: -1) {
                    text[index] = RequestID.alphabet.utf8Start[Int(low & 31)]
                    low = low >> 5 | high << 59
                    high >>= 5
                }
                bytes.append(contentsOf: text)
            }
        }
    }
}

extension RequestID: CustomStringConvertible {
    /// The id's text.
    public var description: String {
        if case .given(let text) = self { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(30)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
