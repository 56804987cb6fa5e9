/// Where the buckets of rate rules are kept. It outlives generations: a reload keeps the buckets of rules that it does
/// not change, for a rule's name and figures are part of every key.
///
/// One call decides a request by several rules, so that a store which several gateways share needs one round trip.
protocol RateStore: AnyObject, Sendable {
    /// What keys are hashed with; the same for all who share the store.
    var hashKey: KeyedHash.Key { get }

    /// Takes one request from each bucket, or from none when one of them refuses; fills in every verdict.
    ///
    /// Each bucket is decided by itself: of two requests at once, one may see what the other is about to put back, and
    /// be refused though it would have just passed; never the other way round.
    ///
    /// - Parameters:
    ///   - charges: the buckets.
    ///   - now: the time, in nanoseconds of the monotonic clock.
    /// - Returns: Whether all of them let it pass.
    func take(_ charges: UnsafeMutableBufferPointer<RateCharge>, at now: UInt64) -> Bool
}
