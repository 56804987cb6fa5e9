/// One service that `/health` asks.
public struct HealthService: Sendable, Equatable {
    /// How a service is asked.
    public enum Kind: Sendable, Equatable {
        /// A connection to PostgreSQL, by its URL.
        case postgres(String)
        /// A GET that must be answered with a status below 400, by its URL.
        case http(String)
    }

    /// The service's name in the answer.
    public var name: String
    /// How it is asked.
    public var kind: Kind
    /// Whether `/health` is 503 while it fails; default true.
    public var required: Bool

    /// Makes a service.
    public init(name: String, kind: Kind, required: Bool = true) {
        self.name = name
        self.kind = kind
        self.required = required
    }
}
