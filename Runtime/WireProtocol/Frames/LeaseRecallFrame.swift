/// LEASE_RECALL: how many leases the gateway wants back from the worker, and how many it may keep without using them.
///
/// It replaces what the one before said, so a recall is taken back by 0. The worker gives back what nobody uses at
/// once, and the rest as soon as connections become free, before they are used again. Layout:
/// `wanted (4) | kept (4) | returned (8)`. Marked optional.
public struct LeaseRecallFrame: Sendable, Equatable {
    /// How many are wanted back.
    public var wanted: UInt32
    /// How many need not be given back for want of use, however long nobody uses them.
    public var kept: UInt32
    /// How many the worker had given back, all in all, when this was said: those that were under way count towards
    /// `wanted`.
    public var returned: UInt64

    /// A recall; see the properties.
    public init(wanted: UInt32, kept: UInt32 = 0, returned: UInt64 = 0) {
        self.wanted = wanted
        self.kept = kept
        self.returned = returned
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        wanted = try reader.integer(UInt32.self)
        kept = try reader.integer(UInt32.self)
        returned = try reader.integer(UInt64.self)
        try reader.finish()
    }

    /// Adds the frame to `out`.
    public func encode(into out: inout FrameBuffer) {
        let mark = out.beginFrame(.leaseRecall, flags: .optional)
        out.append(integer: wanted)
        out.append(integer: kept)
        out.append(integer: returned)
        out.endFrame(mark)
    }
}
