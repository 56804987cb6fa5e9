/// One product of an order.
public struct OrderLine: Codable, Sendable, Equatable {
    /// The product.
    public let productId: Int
    /// What the product is called now.
    public let name: String
    /// How many pieces, from 1.
    public let quantity: Int
    /// What one piece cost when it was ordered, in cents.
    public let priceCents: Int
}
