import FunctionKit
import Postgres
import Shop

/// Places an order: all of its products are in stock and put aside, or nothing happens. It is the caller's own unless
/// `userId` says otherwise, which only admins and support may.
@main struct CreateOrder: Function {
    struct Input: Decodable, Sendable {
        struct Line: Decodable, Sendable {
            var productId: Int
            var quantity: Int
        }

        var userId: Int?
        var lines: [Line]
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Created<OrderDetails> {
        let new = try NewOrder(input, from: context.caller)
        let order = try await database.transaction { transaction in
            let isUser = try await transaction.queryOne(OrderQueries.user(new.userId), as: Int.self) != nil
            let stock = try await transaction.query(OrderQueries.stock(new), as: Stock.self)
            try new.check(isUser: isUser, stock: stock)
            let id = try await transaction.queryOne(OrderQueries.place(new), as: Int.self)
            guard let id else { throw APIError(.internalError, cause: "INSERT returned no row") }
            return try await transaction.queryOne(OrderDetails.find(id), as: OrderDetails.self)
        }
        guard let order else { throw APIError(.internalError, cause: "The new order is not there") }
        return Created(order, location: "\(context.path)/\(order.id)")
    }
}
