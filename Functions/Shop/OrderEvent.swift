import FoundationEssentials
import Postgres

/// Something that became of an order.
public struct OrderEvent: Codable, Sendable, Equatable {
    /// Grows from event to event of one order.
    public let id: Int
    /// The order.
    public let orderId: Int
    /// How far the order had come then.
    public let status: OrderStatus
    /// When it was.
    public let at: Date
}
