/// Names one request and its reply on a link.
///
/// Only the gateway opens streams, each with a greater number than the one before it (gaps are allowed; the
/// numbers wrap around after 2^32 and are compared by RFC 1982's rule). 0 is the link itself.
public struct StreamID: Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt32

    /// The stream of this number.
    @inlinable
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The link as a whole.
    public static let link = StreamID(0)

    /// Whether this number comes after `other` (serial number arithmetic, RFC 1982, section 3.2).
    @inlinable
    public func follows(_ other: StreamID) -> Bool { Int32(bitPattern: rawValue &- other.rawValue) > 0 }
}
