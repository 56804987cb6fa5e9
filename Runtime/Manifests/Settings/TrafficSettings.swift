/// A function's `traffic`: how much of it a candidate revision gets.
public struct TrafficSettings: Sendable, Equatable {
    /// The candidate's share, 0 to 1; written `10%`.
    public var candidate: Double

    /// Makes the settings.
    public init(candidate: Double) {
        self.candidate = candidate
    }
}
