import FunctionKit
import Postgres
import Shop
import Testing

@testable import GetOrder

@Suite struct GetOrderTests {
    @Test("an order is found with its lines, and on the wire it has camel case and ISO 8601")
    func wire() async throws {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        try await database.execute(
            """
            INSERT INTO orders (user_id, status, total_cents, created_at)
            VALUES (5, 'paid', 700, '2026-11-21T08:00:00Z')
            """)
        try await database.execute("INSERT INTO order_lines VALUES (1, 9, 2, 300), (1, 2, 1, 100)")
        let function = try await GetOrder(startup)
        var invocation = Context.test(caller: .customer(5), path: "/api/orders/1").invocation
        invocation.parameters = [.init("id", "1")]
        let reply = await function.reply(to: invocation)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"id":1,"userId":5,"status":"paid","totalCents":700,"createdAt":"2026-11-21T08:00:00.000Z","#
                + #""lines":[{"productId":2,"name":"Large Chair","quantity":1,"priceCents":100},"#
                + #"{"productId":9,"name":"Fine Kettle","quantity":2,"priceCents":300}]}"#)
    }

    @Test("an order that is not there is 404", arguments: [0, 1, Int.max])
    func missing(id: Int) async throws {
        let function = try await GetOrder(shopStartup())
        let error = await apiError { _ = try await function.handle(.init(id: id), .test(caller: .admin)) }
        #expect(error == .notFound("order"))
    }

    @Test(
        "somebody else's order is not there, except for admins and support",
        arguments: [
            (Caller.customer(5), true), (.customer(6), false), (.support, true), (.admin, true), (.anonymous, false),
            (Caller(id: "05", roles: ["customer"]), false), (Caller(id: "x", roles: ["customer"]), false),
            (Caller(id: "6", roles: ["Admin", "orders:read"]), false),
            (Caller(id: "reports", roles: ["support"]), true),
        ])
    func visibility(caller: Caller, isVisible: Bool) async throws {
        let startup = try shopStartup()
        try await PostgresPool(startup).execute("INSERT INTO orders (user_id, total_cents) VALUES (5, 100)")
        let function = try await GetOrder(startup)
        let error = await apiError {
            let found = try await function.handle(.init(id: 1), .test(caller: caller))
            #expect(found.userId == 5)
        }
        #expect(error == (isVisible ? nil : .notFound("order")))
    }
}
