/// RESET: the worker ends a request without a reply, or breaks the reply's body off.
public struct ResetFrame: Sendable, Equatable {
    /// Why.
    public var error: APIError

    /// A reset because of this error.
    public init(error: APIError) { self.error = error }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        error = try reader.error()
        try reader.finish()
    }

    /// Adds the frame to `out`; false, and nothing is added, when it would be too long.
    @discardableResult
    public func encode(stream: StreamID, into out: inout FrameBuffer) -> Bool {
        let mark = out.beginFrame(.reset, stream: stream)
        out.append(error: error)
        return out.endFrame(mark)
    }
}
