/// Why a server stopped accepting for a while.
public enum AcceptPause: String, Sendable, CaseIterable {
    /// `maxConnections` are open.
    case connectionCap
    /// The process or the system has no descriptors or no memory left for another socket.
    case resources
}
