/// The rows of a statement, one after the other and never all in memory; from `PostgresPool.rows` and
/// `PostgresTransaction.rows`.
///
/// Nothing is sent before the first row is asked for, and each loop over the sequence runs the statement anew.
public struct PostgresRows<Row: Decodable & Sendable>: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = Row

    let makeSource: @Sendable () -> any RowSource<Row>

    /// Runs the statement when the first row is asked for.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: makeSource()) }

    /// Goes through the rows once. When it is given up before the last row, the server is told to stop.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let source: any RowSource<Row>
        private var rows: [Row] = []
        private var position = 0

        init(source: any RowSource<Row>) { self.source = source }

        /// The next row; nil after the last. Throws as `PostgresPool.query` does, and there are no rows after an error.
        public mutating func next() async throws -> Row? {
            try await next(isolation: nil)
        }

        /// The next row; nil after the last. Throws as `PostgresPool.query` does, and there are no rows after an error.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Row? {
            if position == rows.count {
                rows = []
                position = 0
                rows = try await source.fetch()
                if rows.isEmpty { return nil }
            }
            defer { position += 1 }
            return rows[position]
        }
    }
}
