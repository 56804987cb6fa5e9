/// What a descriptor is ready for, or what one waits for.
public struct Readiness: OptionSet, Sendable {
    /// The set as bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A read will not block: bytes, a connection to accept, or the end of the stream.
    public static let read = Readiness(rawValue: 1)
    /// A write will not block.
    public static let write = Readiness(rawValue: 2)
    /// The other side has closed; never waited for, always reported, together with `read` and `write`.
    public static let hangup = Readiness(rawValue: 4)
    /// The descriptor has failed (`SO_ERROR` says how); never waited for, always reported, as `hangup` is.
    public static let error = Readiness(rawValue: 8)
}
