/// Names one lease of a connection, for as long as it is held.
public struct ConnectionLeaseID: Hashable, Sendable {
    /// The number that stands for the lease on the wire.
    public let rawValue: UInt64

    /// The lease with this number.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
