import FoundationEssentials
import Postgres

/// A user, as the table has it and as clients see it.
public struct User: Codable, Sendable, Equatable {
    /// The number by which the user is known.
    public let id: Int
    /// The name, 1 to 200 characters.
    public let name: String
    /// The e-mail address; no other user has it, however its letters are written.
    public let email: String
    /// What the user may do.
    public let role: Role
    /// When the user was created.
    public let createdAt: Date

    /// The columns that a query for users selects.
    public static let columns: SQL = "id, name, email, role, created_at"
}
