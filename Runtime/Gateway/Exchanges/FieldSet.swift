/// Which of the request fields are there that some convention looks at, so that the others are not searched for.
struct FieldSet: OptionSet {
    let rawValue: UInt8

    /// `Origin`.
    static let origin = FieldSet(rawValue: 1)
    /// `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`, `If-Range` or `Range`.
    static let conditions = FieldSet(rawValue: 2)
    /// `X-Forwarded-For` or `Forwarded`.
    static let forwarding = FieldSet(rawValue: 4)
    /// `Accept-Encoding`.
    static let acceptEncoding = FieldSet(rawValue: 8)
    /// `Content-Encoding`.
    static let contentEncoding = FieldSet(rawValue: 16)
    /// `X-No-Compression`.
    static let noCompression = FieldSet(rawValue: 32)
}
