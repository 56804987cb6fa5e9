/// How long to wait before a transaction is tried again: doubled each time, and never the same for two that collided.
struct RetryBackoff: Sendable {
    /// The longest first pause, and the longest of all.
    static let first = Duration.milliseconds(10)
    static let longest = Duration.milliseconds(500)

    private var ceiling = Self.first

    /// The next pause: between half of the present ceiling and all of it.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let most = ceiling
        ceiling = min(ceiling * 2, Self.longest)
        let half = most / 2
        return half + half * Double.random(in: 0...1, using: &random)
    }
}
