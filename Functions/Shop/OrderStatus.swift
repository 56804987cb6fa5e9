import Postgres

/// How far an order has come.
public enum OrderStatus: String, Codable, Sendable, CaseIterable, PostgresBindable {
    /// Taken, and its products put aside.
    case placed
    /// Paid for.
    case paid
    /// On its way.
    case shipped
    /// Arrived.
    case delivered
    /// Called off.
    case cancelled

    /// Whether nothing comes after it.
    public var isFinal: Bool { self == .delivered || self == .cancelled }
}
