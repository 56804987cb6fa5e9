import Postgres
import Shop

/// The statements of an order's events.
enum EventQueries {
    /// Whose an order is, and how far it has come.
    struct Standing: Decodable, Sendable {
        var userId: Int
        var status: OrderStatus
        /// The id of its newest event; 0 where there is none.
        var newest: Int
    }

    /// The order's owner, status and newest event, if there is such an order.
    static func standing(of order: Int) -> SQL {
        """
        SELECT user_id, status,
            coalesce((SELECT max(id) FROM order_events WHERE order_id = orders.id), 0) AS newest
        FROM orders WHERE id = \(order)
        """
    }

    /// The order's events after that one, 0 for all, in their order.
    static func events(of order: Int, after last: Int) -> SQL {
        """
        SELECT id, order_id, status, at FROM order_events WHERE order_id = \(order) AND id > \(last)
        ORDER BY id LIMIT \(OrderFeed.batch)
        """
    }

    /// One of the events that have come since.
    struct News: Decodable, Sendable {
        private enum Key: CodingKey { case id }

        /// Nil in the only row of an order of which there is nothing new.
        var event: OrderEvent?

        init(from decoder: any Decoder) throws {
            let isNothing = try decoder.container(keyedBy: Key.self).decodeNil(forKey: .id)
            event = try isNothing ? nil : OrderEvent(from: decoder)
        }
    }

    /// As `events`, but one row without an event where there is none; no row where the order is gone.
    static func news(of order: Int, after last: Int) -> SQL {
        """
        SELECT news.id, news.order_id, news.status, news.at
        FROM orders LEFT JOIN (\(events(of: order, after: last))) AS news ON true
        WHERE orders.id = \(order) ORDER BY news.id
        """
    }
}
