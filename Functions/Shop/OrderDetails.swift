import FoundationEssentials
import Postgres

/// An order with its lines.
public struct OrderDetails: Codable, Sendable, Equatable {
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
    /// What was ordered, in the order of the products' ids.
    public let lines: [OrderLine]

    /// Finds one order with its lines, in one statement.
    public static func find(_ id: Int) -> SQL {
        """
        SELECT \(Order.columns), coalesce((
            SELECT jsonb_agg(
                jsonb_build_object(
                    'productId', product_id, 'name', name, 'quantity', quantity,
                    'priceCents', order_lines.price_cents)
                ORDER BY product_id)
            FROM order_lines JOIN products ON products.id = product_id
            WHERE order_id = orders.id
        ), '[]') AS lines
        FROM orders WHERE id = \(id)
        """
    }
}
