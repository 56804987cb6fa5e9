/// The budget of database connections at one moment, for `/status`.
public struct ConnectionStatus: Sendable, Equatable {
    /// Connections that all workers together may have.
    public var limit: Int
    /// Connections that workers have, those that are being opened or closed included.
    public var leased: Int
    /// Requests for a connection that wait.
    public var waiting: Int
}
