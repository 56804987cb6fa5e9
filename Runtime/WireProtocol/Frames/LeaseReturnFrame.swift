/// LEASE_RETURN: the worker gives leases back, whose connections are closed, or takes requests back that were not
/// answered yet; with no lease in it, only says how many it does not use.
///
/// Layout: `idle (4) | lease (8)…`. Marked optional, so that a gateway of version 1.0 skips it.
public struct LeaseReturnFrame: Sendable, Equatable {
    /// How many leases one frame holds at most.
    public static let limit = 4096

    /// How many of the leases that it keeps nobody seems to use at the moment.
    public var idle: UInt32
    /// The leases, by the worker's own numbers.
    public var leases: [UInt64]

    /// A return; see the properties. Leases past `limit` are left out.
    public init(leases: [UInt64], idle: UInt32 = 0) {
        self.leases = leases.count <= LeaseReturnFrame.limit ? leases : Array(leases.prefix(LeaseReturnFrame.limit))
        self.idle = idle
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        idle = try reader.integer(UInt32.self)
        guard reader.remaining <= LeaseReturnFrame.limit * 8 else { throw .invalidField("leases") }
        leases = []
        leases.reserveCapacity(reader.remaining / 8)
        while reader.remaining > 0 { leases.append(try reader.integer(UInt64.self)) }
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.leaseReturn, flags: .optional)
        out.append(integer: idle)
        for lease in leases { out.append(integer: lease) }
        out.endFrame(mark)
    }
}
