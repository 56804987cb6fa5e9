import FunctionKit
import Postgres
import Shop

/// Finds one order by the id in the path, with its lines. Somebody else's is not found, except by admins and support.
@main struct GetOrder: Function {
    struct Input: Decodable, Sendable {
        var id: Int
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> OrderDetails {
        let order = try await database.queryOne(OrderDetails.find(input.id), as: OrderDetails.self)
        guard let order, Visibility(context.caller).includes(order.userId) else { throw APIError.notFound("order") }
        return order
    }
}
