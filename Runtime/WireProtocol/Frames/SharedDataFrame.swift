/// SHARED_DATA: a part of a body, as DATA, whose bytes lie in the sender's half of the memory that both share.
///
/// They are the receiver's to read until it grants the link room for them again; the windows count them as those of DATA.
public struct SharedDataFrame: Sendable, Equatable {
    /// Where in the sender's half they begin.
    public var offset: UInt32
    /// How many they are: 1 to 64 KiB.
    public var count: UInt32

    /// So many bytes from there on.
    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        offset = try reader.integer(UInt32.self)
        count = try reader.integer(UInt32.self)
        try reader.finish()
        guard (1...FrameLimits.data).contains(Int(count)) else { throw .invalidField("count") }
    }

    /// The DATA frame that this one, with this header, stands for, and its payload in `memory`. Throws `invalidField` where
    /// that has no such bytes.
    public func data(
        _ header: FrameHeader, in memory: UnsafeRawBufferPointer
    ) throws(FrameError) -> (header: FrameHeader, payload: UnsafeRawBufferPointer) {
        let (offset, count) = (Int(offset), Int(count))
        guard offset + count <= memory.count else { throw .invalidField("offset") }
        return (
            FrameHeader(length: count, type: .data, flags: header.flags, stream: header.stream),
            UnsafeRawBufferPointer(rebasing: memory[offset..<(offset + count)])
        )
    }

    /// Adds the frame to `out`.
    public func encode(stream: StreamID, isEnd: Bool, into out: inout FrameBuffer) {
        let mark = out.beginFrame(.sharedData, flags: isEnd ? .end : [], stream: stream)
        out.append(integer: offset)
        out.append(integer: count)
        out.endFrame(mark)
    }
}
