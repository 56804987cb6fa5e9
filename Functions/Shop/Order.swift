import FoundationEssentials
import Postgres

/// An order without its lines, as the table has it and as lists show it.
public struct Order: Codable, Sendable, Equatable {
    /// The number by which the order is known.
    public let id: Int
    /// Who ordered.
    public let userId: Int
    /// How far it has come.
    public let status: OrderStatus
    /// What it costs, in cents.
    public let totalCents: Int
    /// When it was placed.
    public let createdAt: Date

    /// The columns that a query for orders selects.
    public static let columns: SQL = "id, user_id, status, total_cents, created_at"
}
