import Postgres

/// What a user may do.
public enum Role: String, Codable, Sendable, CaseIterable, PostgresBindable {
    /// Everything.
    case admin
    /// Look at other users.
    case support
    /// Use the shop.
    case customer
}
