/// `health`: what `/health` looks at.
public struct HealthSettings: Sendable, Equatable {
    /// Services are asked at most once in this time; default 5 s.
    public var every: Duration
    /// The services, in the file's order; none by default.
    public var services: [HealthService]

    /// Makes the settings.
    public init(every: Duration = .seconds(5), services: [HealthService] = []) {
        self.every = every
        self.services = services
    }
}
