/// Names one lease of a connection, from the request on.
struct LeaseKey: Sendable, Hashable {
    /// Whose it is.
    var holder: LeaseHolder
    /// The worker's own number for it.
    var number: UInt64
}
