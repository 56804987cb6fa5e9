import FoundationEssentials

/// What one unit of the shop's currency is worth in another.
struct Rate: Codable, Sendable, Equatable {
    /// The other currency's code.
    var currency: String
    /// How much of it; more than 0.
    var rate: Decimal
}
