/// Where a client that opens connections asks first whether it may.
///
/// A database takes a limited number of connections, and a function may have any number of workers, so the
/// number is kept outside the worker: a client holds a lease for each connection that is open, and releases
/// it when that connection is closed (not when it is merely idle). A worker that ends loses its leases.
///
/// Others may want leases back. A client asks `takeRecall` whenever a connection becomes free, and closes that one
/// instead of lending it again when the answer is yes; `whenDemandChanges` tells it when to look at those that are
/// free already.
public protocol ConnectionLeases: Sendable {
    /// Waits until one more connection may be open, and takes that right.
    ///
    /// The right lasts until `release`. Throws `CancellationError` when the task is cancelled while it waits
    /// (no right is then held), and the implementation's own error when leases cannot be had at all, or not in time:
    /// a `TemporaryFailure`, which is to reach the handler as it is.
    func lease() async throws -> ConnectionLeaseID

    /// Gives a right back. Does not wait; a lease that is unknown or already released is ignored.
    func release(_ lease: ConnectionLeaseID)

    /// Whether a lease is wanted back. True once for each that is: who gets it closes a free connection and releases
    /// its lease. Costs next to nothing.
    func takeRecall() -> Bool

    /// How many connections the client may keep open though nobody uses them, whatever its own idle timeout says.
    var kept: Int { get }

    /// Calls back, on the loop's thread, each time that more leases are wanted back, or `kept` has changed.
    func whenDemandChanges(_ callback: @escaping @Sendable () -> Void)
}

extension ConnectionLeases {
    /// None is wanted back.
    public func takeRecall() -> Bool { false }

    /// None need be kept.
    public var kept: Int { 0 }

    /// Nothing changes.
    public func whenDemandChanges(_ callback: @escaping @Sendable () -> Void) {}
}
