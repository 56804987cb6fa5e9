/// A function's `cache`: how the gateway keeps its answers (RFC 9111).
public struct CacheSettings: Sendable, Equatable {
    /// What else an answer depends on.
    public enum Variant: Sendable, Hashable {
        /// Who calls.
        case caller
        /// A request header, by its name in lower case.
        case header(String)
    }

    /// How long an answer is kept (`for`).
    public var lifetime: Duration
    /// What an answer depends on besides path, query and version; where `auth` is not `none` by default the
    /// caller, else nothing.
    public var vary: [Variant]
    /// The query parameters that count; nil: all of them.
    public var query: [String]?
    /// `max-age` for clients; nil: none.
    public var clients: Duration?
    /// Functions whose success drops everything that is kept.
    public var clearedBy: [FunctionName]

    /// Makes the settings.
    public init(
        lifetime: Duration, vary: [Variant] = [], query: [String]? = nil, clients: Duration? = nil,
        clearedBy: [FunctionName] = []
    ) {
        self.lifetime = lifetime
        self.vary = vary
        self.query = query
        self.clients = clients
        self.clearedBy = clearedBy
    }
}
