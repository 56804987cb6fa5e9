import FunctionKit
import Postgres
import Shop
import Testing

@testable import ListOrders

@Suite struct ListOrdersTests {
    /// Three hundred orders of three users, of which every three share a moment.
    static func startup() async throws -> Startup {
        let startup = try shopStartup()
        try await PostgresPool(startup).execute(
            """
            INSERT INTO orders (user_id, status, total_cents, created_at)
            SELECT 1 + n % 3, (ARRAY['placed', 'paid', 'shipped', 'delivered', 'cancelled'])[1 + n % 5], n,
                timestamptz '2026-01-01Z' + (n / 3) * interval '1 hour 0.000001 seconds'
            FROM generate_series(0, 299) AS n
            """)
        return startup
    }

    static func all(
        _ function: ListOrders, status: OrderStatus? = nil, userId: Int? = nil, as caller: Caller = .support, limit: Int
    ) async throws -> [Order] {
        var orders: [Order] = []
        var after: String?
        repeat {
            let page = try await function.handle(
                .init(status: status, userId: userId, page: PageRequest(after: after, limit: limit)),
                .test(caller: caller))
            #expect(page.items.count <= limit)
            orders += page.items
            guard case .next(let next) = page.continuation else {
                Issue.record("the page is counted, not continued")
                break
            }
            after = next
        } while after != nil
        return orders
    }

    @Test("from page to page every order comes once, newest first", arguments: [7, 100, 299, 300, 301])
    func pages(limit: Int) async throws {
        let function = try await ListOrders(Self.startup())
        let orders = try await Self.all(function, limit: limit)
        #expect(orders.count == 300)
        for (first, second) in zip(orders, orders.dropFirst()) {
            #expect((first.createdAt, first.id) > (second.createdAt, second.id))
        }
    }

    @Test(
        "a status, a user, or both choose",
        arguments: [(OrderStatus.paid, nil, 60), (nil, 2, 100), (.cancelled, 3, 20), (nil, 77, 0)]
            as [(OrderStatus?, Int?, Int)])
    func filters(status: OrderStatus?, userId: Int?, expected: Int) async throws {
        let function = try await ListOrders(Self.startup())
        let orders = try await Self.all(function, status: status, userId: userId, limit: 9)
        #expect(Set(orders.map(\.id)).count == expected)
        #expect(orders.count == expected)
        #expect(orders.allSatisfy { status == nil || $0.status == status })
        #expect(orders.allSatisfy { userId == nil || $0.userId == userId })
    }

    @Test(
        "whatever the query says, customers see only their own, and who is no user sees none",
        arguments: [
            (Caller.customer(2), nil, 100), (.customer(2), 1, 100), (.customer(2), 2, 100), (.customer(77), 2, 0),
            (.anonymous, 2, 0), (Caller(id: "reports", roles: ["support"]), 2, 100), (.admin, nil, 300),
            (Caller(id: "x", roles: ["customer"]), 2, 0),
        ] as [(Caller, Int?, Int)])
    func visibility(caller: Caller, userId: Int?, expected: Int) async throws {
        let function = try await ListOrders(Self.startup())
        let orders = try await Self.all(function, userId: userId, as: caller, limit: 90)
        #expect(orders.count == expected)
        #expect(caller.has(role: "customer") == false || orders.allSatisfy { "\($0.userId)" == caller.id })
        let paid = try await Self.all(function, status: .paid, userId: userId, as: caller, limit: 90)
        #expect(paid.count == expected / 5)
    }

    @Test("a status that there is not, and a user that is no number, are named")
    func faults() async throws {
        let function = try await ListOrders(Self.startup())
        var invocation = Context.test(caller: .support, path: "/api/orders").invocation
        invocation.query = [.init("status", "lost"), .init("userId", "x")]
        invocation.page = .cursor(after: nil, limit: 20)
        let reply = await function.reply(to: invocation)
        guard case .error(let error) = reply.kind else {
            Issue.record("there is no error")
            return
        }
        #expect(error.details.map(\.field) == ["status", "userId"])
        #expect(error.details.allSatisfy { $0.location == "query" })
    }

    @Test("a position of another list is refused", arguments: ["", "7", "{}"])
    func foreign(after: String) async throws {
        let function = try await ListOrders(Self.startup())
        let error = await apiError {
            _ = try await function.handle(.init(page: PageRequest(after: after, limit: 10)), .test(caller: .support))
        }
        #expect(error?.code == "BAD_REQUEST")
    }
}
