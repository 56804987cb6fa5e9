/// One node of what `EXPLAIN (ANALYZE, FORMAT JSON)` answers, with those below it.
struct QueryPlan: Decodable, Sendable {
    /// The whole answer is an array of one of these.
    struct Answer: Decodable, Sendable {
        var plan: QueryPlan

        private enum CodingKeys: String, CodingKey { case plan = "Plan" }
    }

    var kind: String
    var table: String?
    var index: String?
    /// How many rows the planner expected.
    var expected: Int
    /// How many rows there were, on average over all runs of the node.
    var rows: Double
    var children: [QueryPlan]?

    private enum CodingKeys: String, CodingKey {
        case kind = "Node Type"
        case table = "Relation Name"
        case index = "Index Name"
        case expected = "Plan Rows"
        case rows = "Actual Rows"
        case children = "Plans"
    }

    /// The node and all below it.
    var nodes: [QueryPlan] { [self] + (children ?? []).flatMap(\.nodes) }

    /// Whether it is a way into a table by an index.
    var isIndexScan: Bool { ["Index Scan", "Index Only Scan", "Bitmap Index Scan"].contains(kind) }

    /// What in it reads a table of more than `limit` rows without an index, or sorts more than `limit` rows that are more
    /// than a tenth of their table, as sentences. `sizes`: the rows of each table.
    func faults(limit: Int, sizes: [String: Int]) -> [String] {
        nodes.flatMap { node -> [String] in
            if node.kind.hasSuffix("Seq Scan"), let table = node.table, sizes[table, default: 0] > limit {
                return ["\(node.kind) on \(table)"]
            }
            guard node.kind.hasSuffix("Sort") else { return [] }
            let largest = node.nodes.compactMap { $0.table.flatMap { sizes[$0] } }.max() ?? 0
            return (node.children ?? []).map { max(Double($0.expected), $0.rows) }
                .filter { $0 > Double(max(limit, largest / 10)) }.map { "\(node.kind) of \($0) rows" }
        }
    }
}
