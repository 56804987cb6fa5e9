import Foundation
import FunctionKit
import Postgres
import Shop
import Testing

@testable import CreateOrder
@testable import GetOrder
@testable import GetUser
@testable import ImportProducts
@testable import IssueToken
@testable import ListOrders
@testable import ListProducts
@testable import ListUsers
@testable import ListUsersV2
@testable import OrderEvents

/// A statement of a function, made by the function's own code.
struct IndexedQuery: Sendable, CustomTestStringConvertible {
    var function: String
    var name: String
    var sql: SQL

    var testDescription: String { "\(function): \(name)" }

    /// Every list and look-up of every function that has a database.
    static func all() throws -> [IndexedQuery] {
        var queries: [IndexedQuery] = []
        func add(_ function: any Function.Type, _ name: String, _ sql: SQL) {
            queries.append(IndexedQuery(function: "\(function)", name: name, sql: sql))
        }
        let middle = Position(createdAt: Date(timeIntervalSince1970: 1_725_000_000), id: 250_000)

        add(GetUser.self, "one", GetUser.user(50_000))
        for role in [nil] + Role.allCases.map(Optional.some) {
            let name = role?.rawValue ?? "all"
            add(ListUsers.self, "count of \(name)", ListUsers.count(of: role))
            for page in [1, 50, 100_000] {
                add(
                    ListUsers.self, "page \(page) of \(name)",
                    ListUsers.users(of: role, on: PageRequest(number: page, limit: 10)))
            }
        }
        for last in [nil, middle] {
            let place = last == nil ? "start" : "middle"
            add(ListUsersV2.self, place, ListUsersV2.users(after: last, limit: 101))
            let after = try Page<Int>([], nextPosition: last).continuation
            guard case .next(let after) = after else { continue }
            for user in [nil, 11, 50_000] {
                for status in [nil] + OrderStatus.allCases.map(Optional.some) {
                    let input = ListOrders.Input(
                        status: status, userId: user, page: PageRequest(after: after, limit: 100))
                    add(
                        ListOrders.self,
                        "\(place), user \(user.map(String.init) ?? "any"), \(status?.rawValue ?? "any status")",
                        try ListOrders.orders(input))
                }
            }
        }
        add(GetOrder.self, "one", OrderDetails.find(250_000))
        add(OrderEvents.self, "standing", EventQueries.standing(of: 250_000))
        add(OrderEvents.self, "events", EventQueries.events(of: 250_000, after: 0))
        add(OrderEvents.self, "events after one", EventQueries.events(of: 250_000, after: 400_000))
        add(OrderEvents.self, "news", EventQueries.news(of: 250_000, after: 400_000))
        for lines in [1, 3, 100] {
            let order = try NewOrder(
                .init(userId: 77, lines: (1...lines).map { .init(productId: $0 * 90, quantity: 1) }),
                from: .support)
            add(CreateOrder.self, "stock of \(lines)", OrderQueries.stock(order))
            add(CreateOrder.self, "placing \(lines)", OrderQueries.place(order))
        }
        add(CreateOrder.self, "user", OrderQueries.user(77))
        for isInStock in [false, true] {
            let name = isInStock ? "what is in stock" : "all"
            add(ListProducts.self, "count of \(name)", ListProducts.count(inStock: isInStock))
            for page in [1, 50, 100_000] {
                add(
                    ListProducts.self, "page \(page) of \(name)",
                    ListProducts.products(inStock: isInStock, on: PageRequest(number: page, limit: 10)))
            }
        }
        for email in ["user.50000@generated.example.com", "nobody@example.com"] {
            add(IssueToken.self, email, Credentials(email: email, password: "swiftlet").check)
        }
        add(ImportProducts.self, "products of a short list", ImportQueries.hold)
        return queries
    }
}

/// On 100,000 users and 500,000 orders no list and no look-up reads a whole table, or sorts one.
@Suite struct IndexTests {
    /// Ends a transaction of which nothing is to stay.
    private struct Undone: Error {
        var plan: QueryPlan?
    }

    @Test("every list and look-up finds its rows by an index", arguments: try IndexedQuery.all())
    func plan(query: IndexedQuery) async throws {
        let database = try await GeneratedShop.database()
        let plan = try await Self.plan(of: query.sql, database)
        let sizes = try await Self.sizes(database)
        #expect(plan.faults(limit: 1000, sizes: sizes) == [])
        #expect(plan.nodes.contains { $0.isIndexScan })
    }

    @Test("a query without an index is found out", arguments: ["total_cents = 5", "true ORDER BY total_cents"])
    func caught(condition: String) async throws {
        let database = try await GeneratedShop.database()
        let plan = try await Self.plan(of: "SELECT id FROM orders WHERE \(unsafe: condition)", database)
        let sizes = try await Self.sizes(database)
        #expect(!plan.faults(limit: 1000, sizes: sizes).isEmpty)
    }

    @Test("no function with a database is left out")
    func complete() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Functions")
        let functions = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
            let source = folder.appendingPathComponent("\(name)/\(name).swift")
            return (try? String(contentsOf: source, encoding: .utf8))?.contains("import Postgres") == true
        }
        // It finds nothing, and inserts one row.
        let named = Set(try IndexedQuery.all().map(\.function))
        #expect(named == Set(functions).subtracting(["CreateUser"]))
    }

    @Test("the generated data is as large as was asked for, it fits together, and asking again adds nothing")
    func generated() async throws {
        #expect(try GeneratedShop.said().hasPrefix("100000 users, 100000 products, 500000 orders, "))
        let startup = try shopStartup()
        let url = try startup.require("DATABASE_URL")
        let first = try GeneratedShop.generate(url, ["1500", "300", "250"])
        #expect(first.hasPrefix("1500 users, 250 products, 300 orders, "))
        #expect(try GeneratedShop.generate(url, ["1500", "300", "250"]) == first)
        #expect(throws: GeneratedShop.Failure.self) { try GeneratedShop.generate(url, ["many"]) }

        let database = try await PostgresPool(startup)
        let wrong = try await database.queryOne(
            """
            SELECT count(*) FROM orders WHERE user_id NOT IN (SELECT id FROM users) OR total_cents <> (
                SELECT sum(quantity * order_lines.price_cents)
                FROM order_lines JOIN products ON products.id = product_id WHERE order_id = orders.id
            ) OR status <> (SELECT status FROM order_events WHERE order_id = orders.id ORDER BY id DESC LIMIT 1)
            """, as: Int.self)
        #expect(wrong == 0)
    }

    /// Runs it within a transaction that is rolled back, for some of the statements write.
    private static func plan(of sql: SQL, _ database: PostgresPool) async throws -> QueryPlan {
        do {
            return try await database.transaction { transaction -> QueryPlan in
                try await transaction.execute(ImportQueries.stage)
                try await transaction.execute(
                    """
                    INSERT INTO import_lines
                    SELECT n, 'SKU-' || lpad(n::text, 6, '0'), 'Name', 1, 1 FROM generate_series(1, 50) AS n
                    """)
                try await transaction.execute(ImportQueries.analyze)
                let answer = try await transaction.queryOne(
                    "EXPLAIN (ANALYZE, FORMAT JSON) \(sql)", as: PostgresJSON<[QueryPlan.Answer]>.self)
                throw Undone(plan: answer?.value.first?.plan)
            }
        } catch let undone as Undone {
            return try #require(undone.plan)
        }
    }

    private static func sizes(_ database: PostgresPool) async throws -> [String: Int] {
        struct Size: Decodable, Sendable {
            var name: String
            var rows: Int
        }
        let sizes = try await database.query(
            """
            SELECT relname AS name, reltuples::bigint AS rows FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            """, as: Size.self)
        return Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0.rows) })
    }
}
