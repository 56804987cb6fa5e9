/// A function's `rollback`: when a candidate revision is rolled back by itself.
public struct RollbackSettings: Sendable, Equatable {
    /// The share of crashes and 5xx that is too much, above 0 to 1; default 0.5.
    public var errors: Double
    /// Requests that are needed to judge; default 20.
    public var of: Int
    /// The time in which they are counted; default 60 s.
    public var within: Duration

    /// Makes the settings.
    public init(errors: Double = 0.5, of: Int = 20, within: Duration = .seconds(60)) {
        self.errors = errors
        self.of = of
        self.within = within
    }
}
