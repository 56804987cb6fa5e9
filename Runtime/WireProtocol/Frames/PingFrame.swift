/// PING: the gateway asks whether the worker's loop turns.
public struct PingFrame: Sendable, Equatable {
    /// What the answer carries back.
    public var token: UInt64

    /// A question with this token.
    public init(token: UInt64) { self.token = token }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        token = try reader.integer(UInt64.self)
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.ping)
        out.append(integer: token)
        out.endFrame(mark)
    }
}
