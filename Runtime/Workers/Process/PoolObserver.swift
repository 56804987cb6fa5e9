/// Hears what happens in the pools, to log and to count it.
///
/// Called on event loops, outside every lock, in the order of each pool's events as far as one loop sees them. It must
/// not block.
public protocol PoolObserver: AnyObject, Sendable {
    /// Something happened.
    func observed(_ event: PoolEvent)
}
