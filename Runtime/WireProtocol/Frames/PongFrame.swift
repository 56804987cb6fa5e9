/// PONG: the worker's loop turns, and how much it has done.
public struct PongFrame: Sendable, Equatable {
    /// The question's token.
    public var token: UInt64
    /// Requests answered since the start.
    public var handled: UInt64
    /// Requests whose handler still runs.
    public var inFlight: UInt32

    /// An answer; see the properties.
    public init(token: UInt64, handled: UInt64, inFlight: UInt32) {
        self.token = token
        self.handled = handled
        self.inFlight = inFlight
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        token = try reader.integer(UInt64.self)
        handled = try reader.integer(UInt64.self)
        inFlight = try reader.integer(UInt32.self)
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.pong)
        out.append(integer: token)
        out.append(integer: handled)
        out.append(integer: inFlight)
        out.endFrame(mark)
    }
}
