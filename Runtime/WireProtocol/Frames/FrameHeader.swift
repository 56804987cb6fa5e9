/// The 12 bytes before each payload: `length (4) | type (1) | flags (1) | 0 (2) | stream (4)`, little endian.
public struct FrameHeader: Sendable, Hashable {
    /// Bytes of the payload that follows.
    public var length: Int
    /// What the frame is.
    public var type: FrameType
    /// Its flags.
    public var flags: FrameFlags
    /// Its stream.
    public var stream: StreamID

    /// A header; see the properties.
    @inlinable
    public init(length: Int, type: FrameType, flags: FrameFlags = [], stream: StreamID = .link) {
        self.length = length
        self.type = type
        self.flags = flags
        self.stream = stream
    }

    /// Whether the sender ends its body with this frame.
    @inlinable
    public var isEnd: Bool { flags.contains(.end) }

    /// What the first 12 bytes say.
    enum Reading {
        /// A frame of a known type.
        case frame(FrameHeader)
        /// A frame of this many payload bytes that may be skipped.
        case skip(Int)
    }

    /// Reads and checks a header. `bytes` holds 12 at least.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(FrameError) -> Reading {
        guard bytes.count >= FrameLimits.header else { throw .truncated }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
        let number = bytes[4]
        let flags = bytes[5]
        guard flags & 0x7E == 0, bytes[6] | bytes[7] == 0 else { throw .reservedBits }
        let stream = StreamID(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        guard length <= FrameLimits.payload else { throw .tooLarge(type: number, length: length) }
        guard let type = FrameType(rawValue: number), !type.isReserved else {
            guard flags & FrameFlags.optional.rawValue != 0 else { throw .unknownType(number) }
            return .skip(length)
        }
        if type == .data, length > FrameLimits.data { throw .tooLarge(type: number, length: length) }
        return .frame(
            FrameHeader(length: length, type: type, flags: FrameFlags(rawValue: flags), stream: stream))
    }
}
