/// A function's `allow`: what its sandbox lets through besides what every worker has.
public struct AllowSettings: Sendable, Equatable {
    /// The network that a worker may use.
    public enum Network: Sendable, Equatable {
        /// All of it.
        case all
        /// None of it.
        case none
        /// Connections to these TCP ports.
        case ports([Int])
    }

    /// Absolute paths that it may read; none by default.
    public var read: [String]
    /// Absolute paths that it may write; none by default.
    public var write: [String]
    /// The network; default all.
    public var network: Network

    /// Makes the settings.
    public init(read: [String] = [], write: [String] = [], network: Network = .all) {
        self.read = read
        self.write = write
        self.network = network
    }
}
