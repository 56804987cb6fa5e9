/// LEASE_REQUEST: the worker asks whether it may open one more connection.
///
/// Layout: `lease (8) | idle (4)`. Marked optional, so that a gateway of version 1.0 skips it.
public struct LeaseRequestFrame: Sendable, Equatable {
    /// The worker's own number for the lease; never used again by this worker.
    public var lease: UInt64
    /// How many of the leases that it holds nobody seems to use at the moment.
    public var idle: UInt32

    /// A request; see the properties.
    public init(lease: UInt64, idle: UInt32 = 0) {
        self.lease = lease
        self.idle = idle
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        lease = try reader.integer(UInt64.self)
        idle = try reader.integer(UInt32.self)
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.leaseRequest, flags: .optional)
        out.append(integer: lease)
        out.append(integer: idle)
        out.endFrame(mark)
    }
}
