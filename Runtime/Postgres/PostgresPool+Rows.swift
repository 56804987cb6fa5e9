extension PostgresPool {
    /// The rows of a statement one by one, for results too large to be held: `for try await user in
    /// database.rows("SELECT …", as: User.self)`.
    ///
    /// Rows are decoded as `query` does. One connection is lent while the loop runs; a loop that is slow holds the server
    /// back instead of collecting rows. Leaving the loop early, or cancelling its task, makes the server stop, and unless
    /// all rows had come the connection is closed. The statement is not prepared.
    ///
    /// The loop throws as `query` does; the rows before an error have then been given. Whoever asks the same pool for
    /// something within the loop needs a further connection.
    public func rows<Row: Decodable & Sendable>(_ sql: SQL, as type: Row.Type = Row.self) -> PostgresRows<Row> {
        PostgresRows { StreamedRows(sql, self) }
    }
}
