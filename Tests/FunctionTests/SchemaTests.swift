import Foundation
import FunctionKit
import Postgres
import Shop
import Testing

@testable import CreateOrder
@testable import CreateUser
@testable import GetOrder
@testable import GetUser
@testable import IssueToken
@testable import ListOrders
@testable import ListProducts

/// The schemas beside the functions say what the functions take and answer, no more and no less.
@Suite struct SchemaTests {
    /// An object of a schema file, at a way of keys.
    static func schema(_ file: String, _ way: String...) throws -> [String: Any] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Functions")
        let data = try Data(contentsOf: folder.appendingPathComponent(file))
        var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in way { object = try #require(object[key] as? [String: Any]) }
        return object
    }

    static func check(_ object: [String: Any], against schema: [String: Any]) throws {
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(Set(object.keys) == Set(properties.keys))
        #expect(Set(object.keys) == Set(try #require(schema["required"] as? [String])))
        #expect(schema["additionalProperties"] as? Bool == false)
    }

    /// What a handler answers to a request for `id`, as JSON; of a list the first item.
    static func answer(_ function: some Function, id: Int? = nil, page: PageWindow? = nil) async throws -> [String: Any]
    {
        var invocation = Context.test(caller: .admin).invocation
        if let id { invocation.parameters = [.init("id", "\(id)")] }
        invocation.page = page
        let reply = await function.reply(to: invocation)
        let value = try JSONSerialization.jsonObject(with: Data(reply.body))
        return try #require(value as? [String: Any] ?? (value as? [[String: Any]])?.first)
    }

    @Test("what is answered has the members of its schema, all of them and no others")
    func answers() async throws {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        try await database.execute("INSERT INTO orders (user_id, total_cents) VALUES (5, 100)")
        try await database.execute("INSERT INTO order_lines VALUES (1, 9, 2, 300)")
        let folder = "Shop/Schemas"
        try Self.check(
            try await Self.answer(GetUser(startup), id: 1), against: Self.schema("\(folder)/user.schema.json"))
        let order = try await Self.answer(GetOrder(startup), id: 1)
        try Self.check(order, against: Self.schema("\(folder)/order-details.schema.json"))
        let line = try #require((order["lines"] as? [[String: Any]])?.first)
        try Self.check(
            line, against: Self.schema("\(folder)/order-details.schema.json", "properties", "lines", "items"))
        try Self.check(
            try await Self.answer(ListOrders(startup), page: .cursor(after: nil, limit: 1)),
            against: Self.schema("\(folder)/order.schema.json"))
        try Self.check(
            try await Self.answer(ListProducts(startup), page: .page(number: 1, limit: 1)),
            against: Self.schema("\(folder)/product.schema.json"))
    }

    @Test("what is taken has the members of its schema, and nothing is required that may be absent")
    func bodies() throws {
        let line = CreateOrder.Input.Line(productId: 1, quantity: 1)
        let inputs: [(any Sendable, [String: Any])] = [
            (CreateUser.Input(name: "", email: ""), try Self.schema("CreateUser/body.schema.json")),
            (IssueToken.Input(email: "", password: ""), try Self.schema("IssueToken/body.schema.json")),
            (CreateOrder.Input(lines: [line]), try Self.schema("CreateOrder/body.schema.json")),
            (line, try Self.schema("CreateOrder/body.schema.json", "properties", "lines", "items")),
        ]
        for (input, schema) in inputs {
            let members = Mirror(reflecting: input).children
            let properties = try #require(schema["properties"] as? [String: Any])
            #expect(Set(members.compactMap(\.label)) == Set(properties.keys))
            let needed = members.filter { Mirror(reflecting: $0.value).displayStyle != .optional }
            #expect(Set(needed.compactMap(\.label)) == Set(try #require(schema["required"] as? [String])))
            #expect(schema["additionalProperties"] as? Bool == false)
        }
    }

    @Test("roles, statuses and bounds are those of the code")
    func values() throws {
        let roles = Role.allCases.map(\.rawValue)
        for file in ["CreateUser/body.schema.json", "Shop/Schemas/user.schema.json"] {
            #expect(try Self.schema(file, "properties", "role")["enum"] as? [String] == roles)
        }
        for file in ["order", "order-details"] {
            let status = try Self.schema("Shop/Schemas/\(file).schema.json", "properties", "status")
            #expect(status["enum"] as? [String] == OrderStatus.allCases.map(\.rawValue))
        }
        let lines = try Self.schema("CreateOrder/body.schema.json", "properties", "lines")
        #expect(lines["maxItems"] as? Int == NewOrder.maximumLines)
        let quantity = try Self.schema(
            "CreateOrder/body.schema.json", "properties", "lines", "items", "properties", "quantity")
        #expect(quantity["maximum"] as? Int == NewOrder.maximumQuantity)
    }
}
