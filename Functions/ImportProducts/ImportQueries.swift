import Postgres

/// The statements of one import's transaction, in their order.
enum ImportQueries {
    /// Where the lines wait until all are known to be good; gone at the end of the transaction.
    static let stage: SQL = """
        CREATE TEMPORARY TABLE import_lines (
            line integer NOT NULL, sku text NOT NULL, name text NOT NULL, price_cents bigint NOT NULL,
            stock integer NOT NULL
        ) ON COMMIT DROP
        """

    /// The table's columns, in the order in which rows are staged.
    static let stagedColumns = ["line", "sku", "name", "price_cents", "stock"]

    static let analyze: SQL = "ANALYZE import_lines"

    /// Lines with a product that an earlier line has already.
    struct Doubled: Decodable, Sendable {
        var line: Int
        var first: Int
        var sku: String
    }

    static let doubled: SQL = """
        SELECT line, first, sku
        FROM (SELECT line, sku, min(line) OVER (PARTITION BY sku) AS first FROM import_lines) AS lines
        WHERE line > first ORDER BY line LIMIT \(ProductReader.maximumFaults)
        """

    /// Imports apply one after the other, so that the numbers they answer are right.
    static let queue: SQL = "SELECT pg_advisory_xact_lock(7261947302) IS NULL"

    /// Holds the products that are there already, in the order in which orders hold them; answers how many.
    static let hold: SQL = """
        SELECT count(*) FROM (
            SELECT id FROM products WHERE sku IN (SELECT sku FROM import_lines) ORDER BY id FOR NO KEY UPDATE
        ) AS held
        """

    static let apply: SQL = """
        INSERT INTO products (sku, name, price_cents, stock)
        SELECT sku, name, price_cents, stock FROM import_lines ORDER BY line
        ON CONFLICT (sku) DO UPDATE
        SET name = excluded.name, price_cents = excluded.price_cents, stock = excluded.stock
        """
}
