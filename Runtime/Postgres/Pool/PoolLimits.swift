/// How many connections a pool has, and for how long.
struct PoolLimits: Sendable, Equatable {
    /// So many are kept open even when nobody needs them.
    var minimum: Int
    /// So many are open at most.
    var maximum: Int
    /// A connection above the minimum that nobody used for so long is closed.
    var idleTimeout: Duration
    /// So long one waits for a connection at most.
    var connectionTimeout: Duration
    /// Whether each connection needs somebody's leave before it is opened.
    var needsLeave = false
}
