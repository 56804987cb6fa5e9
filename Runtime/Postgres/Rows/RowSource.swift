/// Where the rows of a sequence come from, a few at a time.
protocol RowSource<Row>: AnyObject, Sendable {
    associatedtype Row: Sendable

    /// The next rows; none after the last. One call at a time.
    func fetch() async throws -> [Row]
}
