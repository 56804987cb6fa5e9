/// CANCEL: nobody waits for this request any more. The worker still answers it, in as few words as it can.
public struct CancelFrame: Sendable, Equatable {
    /// Why.
    public enum Reason: UInt8, Sendable, CaseIterable {
        /// The deadline has passed.
        case deadline = 1
        /// The client went away.
        case clientGone = 2
        /// The worker is to end and the time for that is over.
        case stopping = 3
    }

    /// Why.
    public var reason: Reason

    /// A cancellation for this reason.
    public init(reason: Reason) { self.reason = reason }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        guard let reason = Reason(rawValue: try reader.integer(UInt8.self)) else {
            throw .invalidField("reason")
        }
        try reader.finish()
        self.reason = reason
    }

    /// Adds the frame to `out`.
    public func encode(stream: StreamID, into out: inout FrameBuffer) {
        let mark = out.beginFrame(.cancel, stream: stream)
        out.append(integer: reason.rawValue)
        out.endFrame(mark)
    }
}
