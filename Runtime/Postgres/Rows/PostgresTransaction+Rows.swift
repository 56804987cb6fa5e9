extension PostgresTransaction {
    /// The rows of a statement one by one, for results too large to be held; as `PostgresPool.rows(_:as:)`.
    ///
    /// They come from a cursor at the server, 64 at a time, so that the loop may run other statements of the transaction.
    /// A cursor takes SELECT and VALUES, not statements that change rows. A loop that is left early leaves the cursor to
    /// the transaction's end.
    public func rows<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) -> PostgresRows<Row> {
        PostgresRows { CursorRows(sql, self) }
    }
}
