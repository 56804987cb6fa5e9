/// Where a client that opens connections asks first whether it may.
///
/// A database takes a limited number of connections, and a function may have any number of workers, so the
/// number is kept outside the worker: a client holds a lease for each connection that is open, and releases
/// it when that connection is closed (not when it is merely idle). A worker that ends loses its leases.
public protocol ConnectionLeases: Sendable {
    /// Waits until one more connection may be open, and takes that right.
    ///
    /// The right lasts until `release`. Throws `CancellationError` when the task is cancelled while it waits
    /// (no right is then held), and the implementation's own error when leases cannot be had at all.
    func lease() async throws -> ConnectionLeaseID

    /// Gives a right back. Does not wait; a lease that is unknown or already released is ignored.
    func release(_ lease: ConnectionLeaseID)
}
