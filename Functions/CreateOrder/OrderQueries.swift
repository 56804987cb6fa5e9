import Postgres

/// The statements of one order's transaction, in their order.
enum OrderQueries {
    /// The user, who stays for as long as the transaction lasts.
    static func user(_ id: Int) -> SQL { "SELECT id FROM users WHERE id = \(id) FOR KEY SHARE" }

    /// The products, each held until the transaction ends. They are held in the order of their ids, whatever the order
    /// of the lines: two orders can then wait for each other only one way round.
    static func stock(_ order: NewOrder) -> SQL {
        """
        SELECT id, name, stock FROM products WHERE id = ANY (\(order.lines.map(\.productId)))
        ORDER BY id FOR NO KEY UPDATE
        """
    }

    /// Takes the products from stock, and writes the order and its lines at today's prices; answers the order's id.
    static func place(_ order: NewOrder) -> SQL {
        """
        WITH wanted AS (
            SELECT * FROM unnest(\(order.lines.map(\.productId)), \(order.lines.map(\.quantity)))
            AS wanted (product_id, quantity)
        ), taken AS (
            UPDATE products SET stock = stock - quantity FROM wanted WHERE id = product_id
            RETURNING product_id, quantity, price_cents
        ), placed AS (
            INSERT INTO orders (user_id, total_cents)
            SELECT \(order.userId), sum(quantity * price_cents) FROM taken
            RETURNING id
        ), written AS (
            INSERT INTO order_lines (order_id, product_id, quantity, price_cents)
            SELECT id, product_id, quantity, price_cents FROM placed CROSS JOIN taken
        )
        SELECT id FROM placed
        """
    }
}
