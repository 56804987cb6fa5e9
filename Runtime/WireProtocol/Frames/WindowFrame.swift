/// WINDOW: the receiver has room for so many bytes more, on a stream or on the link (stream 0).
public struct WindowFrame: Sendable, Equatable {
    /// How many bytes more; 1 at least.
    public var increment: UInt32

    /// Room for so many bytes more.
    public init(increment: UInt32) { self.increment = increment }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        increment = try reader.integer(UInt32.self)
        try reader.finish()
        guard increment > 0 else { throw .invalidField("increment") }
    }

    /// Adds the frame to `out`.
    public func encode(stream: StreamID, into out: inout FrameBuffer) {
        let mark = out.beginFrame(.window, stream: stream)
        out.append(integer: increment)
        out.endFrame(mark)
    }
}
