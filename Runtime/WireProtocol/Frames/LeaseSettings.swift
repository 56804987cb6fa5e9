/// What SETUP says of connections that have to be leased.
public struct LeaseSettings: Sendable, Hashable {
    /// How many connections all workers together may have open; 1 at least.
    public var connections: Int
    /// How long a request for one waits at the gateway, in milliseconds.
    public var waitMilliseconds: UInt32

    /// Settings; see the properties.
    public init(connections: Int, waitMilliseconds: UInt32) {
        self.connections = max(connections, 1)
        self.waitMilliseconds = waitMilliseconds
    }
}
