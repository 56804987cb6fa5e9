import Postgres

/// A product, as the table has it and as clients see it.
public struct Product: Codable, Sendable, Equatable {
    /// The number by which the product is known.
    public let id: Int
    /// The shop's own code for it, which no other product has.
    public let sku: String
    /// What it is called, 1 to 200 characters.
    public let name: String
    /// What one piece costs, in cents.
    public let priceCents: Int
    /// How many pieces there are.
    public let stock: Int

    /// The columns that a query for products selects.
    public static let columns: SQL = "id, sku, name, price_cents, stock"
}
