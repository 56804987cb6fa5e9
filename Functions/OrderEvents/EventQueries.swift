import Postgres

/// The statements of an order's events.
enum EventQueries {
    /// The order's status, if there is such an order.
    static func status(of order: Int) -> SQL { "SELECT status FROM orders WHERE id = \(order)" }

    /// The order's events after that one, 0 for all, in their order.
    static func events(of order: Int, after last: Int) -> SQL {
        """
        SELECT id, order_id, status, at FROM order_events WHERE order_id = \(order) AND id > \(last)
        ORDER BY id LIMIT \(OrderFeed.batch)
        """
    }
}
