import Foundation
import Testing

/// Orders over real sockets, real workers and a real PostgreSQL.
@Suite(.timeLimit(.minutes(2))) struct ShopOrderTests {
    let shop: ServedShop
    var database: ShopDatabase { shop.database }

    init() throws { shop = try ServedShop() }

    static func order(user: Int, _ lines: [(product: Int, quantity: Int)]) -> String {
        let lines = lines.map { #"{"productId":\#($0.product),"quantity":\#($0.quantity)}"# }
        return #"{"userId":\#(user),"lines":[\#(lines.joined(separator: ","))]}"#
    }

    @Test("an order is made: 201 with Location and total, its products leave the stock, and it is found again")
    func created() throws {
        let client = try shop.client(.support)
        let prices = try database.numbers("SELECT price_cents FROM products WHERE id IN (3, 9) ORDER BY id")
        let made = try client.post("/orders", json: Self.order(user: 7, [(9, 2), (3, 1)]))
        #expect(made.status == 201, "\(made.text)")
        let order = try made.json()
        let id = try #require(order["id"] as? Int)
        #expect(made.header("location") == "/api/orders/\(id)")
        #expect(order["userId"] as? Int == 7)
        #expect(order["status"] as? String == "placed")
        #expect(order["totalCents"] as? Int == prices[0] + 2 * prices[1])
        let lines = try #require(order["lines"] as? [[String: Any]])
        #expect(lines.map { $0["productId"] as? Int } == [3, 9])
        #expect(lines.map { $0["quantity"] as? Int } == [1, 2])
        #expect(lines.map { $0["priceCents"] as? Int } == prices)
        #expect(try database.numbers("SELECT stock FROM products WHERE id IN (3, 9) ORDER BY id") == [99, 98])

        let found = try client.get("/orders/\(id)")
        #expect(found.status == 200)
        #expect(NSDictionary(dictionary: try found.json()) == NSDictionary(dictionary: order))
        let missing = try client.get("/orders/\(id + 1)")
        #expect(missing.status == 404)
        #expect(try missing.errorCode() == "NOT_FOUND")
        #expect(try client.get("/orders/x").errorCode() == "VALIDATION_ERROR")
    }

    @Test("what is short is 409 and names the product, what is not there 400 and names the field; nothing is taken")
    func refused() throws {
        let client = try shop.client(.support)
        try database.run("UPDATE products SET stock = 1 WHERE id = 5")
        let short = try client.post("/orders", json: Self.order(user: 7, [(4, 3), (5, 2)]))
        #expect(short.status == 409)
        #expect(try short.errorCode() == "CONFLICT")
        let error = try #require(try short.json()["error"] as? [String: Any])
        #expect((error["message"] as? String)?.contains("(product 5): 2 wanted, 1 left") == true)
        let details = try #require(error["details"] as? [[String: Any]])
        #expect(details.map { $0["field"] as? String } == ["lines[1].quantity"])
        #expect(details.map { $0["message"] as? String } == ["Only 1 left"])

        for (body, field) in [
            (Self.order(user: 7, [(4, 1), (999_999, 1)]), "lines[1].productId"),
            (Self.order(user: 999_999, [(4, 1)]), "userId"),
            (Self.order(user: 7, [(4, 0)]), "lines[0].quantity"),
            (Self.order(user: 7, [(4, 1), (4, 1)]), "lines[1].productId"),
            (Self.order(user: 7, []), "lines"),
        ] {
            let answer = try client.post("/orders", json: body)
            #expect(answer.status == 400)
            #expect(try answer.errorCode() == "VALIDATION_ERROR")
            #expect(answer.text.contains(#""field":"\#(field)""#), "\(answer.text)")
        }
        #expect(try database.numbers("SELECT stock FROM products WHERE id IN (4, 5) ORDER BY id") == [100, 1])
        #expect(try database.number("SELECT count(*) FROM orders") == 0)
    }

    @Test("50 orders at once of the same two products, in opposite order of lines: no deadlock, and the sums are right")
    func crossing() throws {
        // Of 100 pieces each, 33 orders of three are all that there can be.
        let answers = try AtOnce.run(50, port: shop.served.port, prefix: "/api", headers: ShopCaller.support.headers) {
            number, client in
            let lines = [(product: 11, quantity: 3), (product: 12, quantity: 3)]
            let body = Self.order(user: 1 + number, number.isMultiple(of: 2) ? lines : lines.reversed())
            let answer = try client.post("/orders", json: body)
            return "\(answer.status) \(answer.status == 201 ? "" : try answer.errorCode())"
        }
        #expect(answers.count { $0 == "201 " } == 33)
        #expect(answers.count { $0 == "409 CONFLICT" } == 17)
        #expect(try database.numbers("SELECT stock FROM products WHERE id IN (11, 12) ORDER BY id") == [1, 1])
        #expect(try database.number("SELECT count(*) FROM orders") == 33)
        let sums = try database.numbers(
            "SELECT sum(quantity) FROM order_lines GROUP BY product_id ORDER BY product_id")
        #expect(sums == [99, 99])
        let wrong = try database.number(
            """
            SELECT count(*) FROM orders WHERE total_cents <> (
                SELECT 3 * sum(price_cents) FROM products WHERE id IN (11, 12))
            """)
        #expect(wrong == 0)
        #expect(!shop.served.log.contains("deadlock"))
    }

    /// Makes so many orders, of three users and all statuses, four of them at each moment.
    private func makeOrders(_ count: Int) throws {
        try database.run(
            """
            INSERT INTO orders (user_id, status, total_cents, created_at)
            SELECT 1 + n % 3, (ARRAY['placed', 'paid', 'shipped', 'delivered', 'cancelled'])[1 + n % 5], n,
                timestamptz '2024-06-01 00:00:00.123456Z' + n / 4 * interval '1 minute'
            FROM generate_series(1, \(count)) AS n
            """)
    }

    /// Follows the pages from the first one on; the ids of the orders, in the order in which they came. `between` is
    /// called after each page.
    private func walk(_ query: String, limit: Int, between: () throws -> Void = {}) throws -> [Int] {
        let client = try shop.client(.support)
        var ids: [Int] = []
        var next: String? = "/orders?\(query)limit=\(limit)"
        while let target = next {
            let answer = try client.get(target)
            let body = try answer.json()
            let orders = try #require(body["data"] as? [[String: Any]], "\(answer.text)")
            ids += orders.compactMap { $0["id"] as? Int }
            let pagination = try #require(body["pagination"] as? [String: Any])
            #expect(pagination["limit"] as? Int == limit)
            let cursor = pagination["nextCursor"] as? String
            #expect(pagination["hasNext"] as? Bool == (cursor != nil))
            #expect(cursor == nil || orders.count == limit)
            #expect((answer.header("link")?.contains("rel=\"next\"") ?? false) == (cursor != nil))
            next = cursor.map { "/orders?\(query)limit=\(limit)&cursor=\($0)" }
            try between()
        }
        return ids
    }

    @Test(
        "from page to page every order comes once, newest first, of all or as the query chooses",
        arguments: [
            ("", "true"), ("status=paid&", "status = 'paid'"), ("userId=2&", "user_id = 2"),
            ("status=shipped&userId=3&", "status = 'shipped' AND user_id = 3"),
        ])
    func pages(query: String, condition: String) throws {
        try makeOrders(203)
        let expected = try database.numbers(
            "SELECT id FROM orders WHERE \(condition) ORDER BY created_at DESC, id DESC")
        #expect(expected.count > 10)
        for limit in [3, expected.count, 100] where limit <= 100 {
            #expect(try walk(query, limit: limit) == expected)
        }
    }

    @Test("orders that come while somebody turns the pages neither shift nor double what is still to come")
    func moving() throws {
        try makeOrders(60)
        let expected = try database.numbers("SELECT id FROM orders ORDER BY created_at DESC, id DESC")
        let seen = try walk("", limit: 7) {
            try database.run("INSERT INTO orders (user_id, total_cents) VALUES (1, 5)")
        }
        #expect(seen == expected)
    }

    @Test("a status that there is not, and a changed or foreign cursor, are refused")
    func badQueries() throws {
        try makeOrders(60)
        let client = try shop.client(.support)
        #expect(try client.get("/orders?status=lost").errorCode() == "VALIDATION_ERROR")
        let users = try client.get("/v2/users?limit=5").json()["pagination"] as? [String: Any]
        let foreign = try #require(users?["nextCursor"] as? String)
        #expect(try client.get("/orders?cursor=\(foreign)").errorCode() == "BAD_REQUEST")
        #expect(try client.get("/orders?cursor=eyJpZCI6MX0").errorCode() == "BAD_REQUEST")
    }
}
