/// The flags of a frame; bits not named here are 0.
public struct FrameFlags: OptionSet, Sendable, Hashable {
    /// The bits as they stand on the wire.
    public let rawValue: UInt8

    /// Flags of these bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender's last frame on this stream that carries a body.
    public static let end = FrameFlags(rawValue: 1)
    /// Who does not know the type may skip the frame.
    public static let optional = FrameFlags(rawValue: 0x80)
}
