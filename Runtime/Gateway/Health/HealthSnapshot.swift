/// How the services that the manifest names were found.
public struct HealthSnapshot: Sendable, Equatable {
    /// One service.
    public struct Service: Sendable, Equatable {
        /// Its name in the manifest.
        public var name: String
        /// Whether it answered as it should.
        public var isHealthy: Bool
        /// Whether the whole is unhealthy without it.
        public var isRequired: Bool
        /// How long it took to answer, to the microsecond; nil where it did not.
        public var latency: Duration?

        /// A service; see the properties.
        public init(name: String, isHealthy: Bool, isRequired: Bool = true, latency: Duration? = nil) {
            self.name = name
            self.isHealthy = isHealthy
            self.isRequired = isRequired
            self.latency = latency
        }
    }

    /// In the manifest's order.
    public var services: [Service]

    /// A snapshot of these services.
    public init(services: [Service] = []) { self.services = services }

    /// Whether every required service is healthy.
    public var isHealthy: Bool { services.allSatisfy { $0.isHealthy || !$0.isRequired } }
}
