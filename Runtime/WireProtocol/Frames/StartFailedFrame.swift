/// START_FAILED: the function's start threw; the worker ends after it.
public struct StartFailedFrame: Sendable, Equatable {
    /// What it threw, for the log.
    public var message: String

    /// A failure with this message.
    public init(message: String) { self.message = message }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        message = try reader.text()
        try reader.finish()
    }

    /// Adds the frame to `out`; false, and nothing is added, when it would be too long.
    @discardableResult
    public func encode(into out: inout FrameBuffer) -> Bool {
        let mark = out.beginFrame(.startFailed)
        out.append(text: message)
        return out.endFrame(mark)
    }
}
