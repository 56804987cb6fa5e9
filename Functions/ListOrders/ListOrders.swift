import FunctionKit
import Postgres
import Shop

/// Lists orders, newest first, each page after the last order of the one before it; those of one status or one user,
/// or both, if the query says so. Only admins and support see more than their own orders.
@main struct ListOrders: Function {
    struct Input: Decodable, Sendable {
        var status: OrderStatus?
        var userId: Int?
        var page: PageRequest
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Page<Order> {
        var input = input
        switch Visibility(context.caller) {
        case .all: break
        case .own(let user): input.userId = user
        case .nothing: return Page([], next: nil)
        }
        let orders = try await database.query(Self.orders(input), as: Order.self)
        guard orders.count > input.page.limit else { return Page(orders, next: nil) }
        let page = Array(orders.prefix(input.page.limit))
        return try Page(page, nextPosition: page.last.map { Position(createdAt: $0.createdAt, id: $0.id) })
    }

    /// One order more than the page has tells whether there is another page.
    static func orders(_ input: Input) throws -> SQL {
        var sql: SQL = "SELECT \(Order.columns) FROM orders WHERE true"
        if let status = input.status { sql.append(" AND status = \(status)") }
        if let user = input.userId { sql.append(" AND user_id = \(user)") }
        if let last = try input.page.position(as: Position.self) {
            sql.append(" AND (created_at, id) < (\(last.createdAt), \(last.id))")
        }
        sql.append(" ORDER BY created_at DESC, id DESC LIMIT \(input.page.limit + 1)")
        return sql
    }
}
