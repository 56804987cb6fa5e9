/// READY: the function is started.
public struct ReadyFrame: Sendable, Equatable {
    /// How long the function's own start took, in microseconds.
    public var startMicroseconds: UInt64

    /// A start of so many microseconds.
    public init(startMicroseconds: UInt64) { self.startMicroseconds = startMicroseconds }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        startMicroseconds = try reader.integer(UInt64.self)
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.ready)
        out.append(integer: startMicroseconds)
        out.endFrame(mark)
    }
}
