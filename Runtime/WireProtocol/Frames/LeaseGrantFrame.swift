/// LEASE_GRANT: the gateway's answer to a LEASE_REQUEST; each gets one, unless it was taken back before.
///
/// Layout: `lease (8) | outcome (1)`. Marked optional.
public struct LeaseGrantFrame: Sendable, Equatable {
    /// What became of the request.
    public enum Outcome: UInt8, Sendable, CaseIterable {
        /// The connection may be opened; it counts from now on until LEASE_RETURN.
        case granted = 1
        /// None became free in time.
        case timedOut = 2
        /// This worker gets none: its function has no part in the database, or it asks for too many.
        case refused = 3
    }

    /// The number that the request gave.
    public var lease: UInt64
    /// What became of it.
    public var outcome: Outcome

    /// An answer; see the properties.
    public init(lease: UInt64, outcome: Outcome) {
        self.lease = lease
        self.outcome = outcome
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        lease = try reader.integer(UInt64.self)
        guard let outcome = Outcome(rawValue: try reader.integer(UInt8.self)) else {
            throw .invalidField("outcome")
        }
        self.outcome = outcome
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.leaseGrant, flags: .optional)
        out.append(integer: lease)
        out.append(integer: outcome.rawValue)
        out.endFrame(mark)
    }
}
