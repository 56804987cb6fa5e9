import FoundationEssentials
import FunctionKit
import Testing

@Suite("Every fault of an input")
struct InputFaultTests {
    struct Order: Decodable, Sendable {
        struct Line: Decodable, Sendable {
            var product: String
            var quantity: Int
            var options: [String: Bool]?
        }
        enum Kind: String, Decodable, CaseIterable, Sendable { case online, shop }

        var id: Int
        var email: String
        var kind: Kind
        var lines: [Line]
        var address: Address
        var note: String?
    }

    struct Address: Decodable, Sendable {
        var street: String
        var zip: Int
    }

    @Test("is named by its field and its place, not only the first")
    func all() async throws {
        let invocation = Invocation.of(
            .post, path: [.init("id", "x")], query: [.init("note", "a"), .init("note", "b")],
            json: #"""
                {"email":7,"kind":"door","address":{"street":null},
                 "lines":[{"product":"p","quantity":"1"},{"quantity":2},3,{"product":"q","quantity":1,"options":{"a":1}}]}
                """#)
        #expect(
            try await faults(Order.self, invocation) == [
                "path.id: expected a whole number",
                "body.email: expected a string, found a number",
                "body.kind: is not one of the allowed values",
                "body.lines[0].quantity: expected a whole number, found a string",
                "body.lines[1].product: is required",
                "body.lines[2]: expected an object, found a number",
                "body.lines[3].options.a: expected true or false, found a number",
                "body.address.street: expected a string, found null",
                "body.address.zip: is required",
                "query.note: is given more than once",
            ])
    }

    @Test("nothing at all names all that is required, in the query for a GET, in the body else")
    func missing() async throws {
        #expect(
            try await faults(Address.self, .of()) == ["query.street: is required", "query.zip: is required"])
        #expect(
            try await faults(Address.self, .of(.post)) == [
                "body.street: is required", "body.zip: is required",
            ])
        #expect(
            try await faults(Address.self, .of(.post, json: "{}")) == [
                "body.street: is required", "body.zip: is required",
            ])
    }

    @Test(
        "a body that is no object is one fault",
        arguments: [("[]", "an array"), ("3", "a number"), ("null", "null")])
    func notAnObject(_ json: String, _ kind: String) async throws {
        #expect(
            try await faults(Address.self, .of(.post, json: json)) == [
                "body.body: expected an object, found \(kind)"
            ])
    }

    @Test("types that no placeholder fits are passed, or end the search with what was found")
    func placeholders() async throws {
        struct Dates: Decodable, Sendable {
            var when: Date
            var id: UUID
            var price: Decimal
            var last: Int
        }
        #expect(
            try await faults(Dates.self, .of(.post, json: #"{"when":"x","id":"y","price":"z"}"#)).map {
                $0.split(separator: ":")[0]
            }
                == ["body.when", "body.id", "body.price", "body.last"])
        enum Strict: String, Decodable, Sendable { case only }
        struct Stops: Decodable, Sendable {
            var first: Int
            var strict: Strict
            var never: Int
        }
        #expect(
            try await faults(Stops.self, .of(.post, json: "{}")) == [
                "body.first: is required", "body.strict: is required",
            ])
    }

    @Test(
        "what a type's own check says of a placeholder is not reported, what it says of the client's values is"
    )
    func ownChecks() async throws {
        struct Range: Decodable, Sendable {
            enum CodingKeys: CodingKey { case from, to }
            var from: Int
            var to: Int

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                from = try container.decode(Int.self, forKey: .from)
                to = try container.decode(Int.self, forKey: .to)
                guard from < to else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .to, in: container, debugDescription: "must be after from")
                }
            }
        }
        #expect(
            try await faults(Range.self, .of(query: [.init("from", "x"), .init("to", "y")]))
                == ["query.from: expected a whole number", "query.to: expected a whole number"])
        #expect(
            try await faults(Range.self, .of(query: [.init("from", "2"), .init("to", "1")]))
                == ["query.to: must be after from"])
    }

    @Test("stops at a hundred, and looks into large bodies only on the surface")
    func bounded() async throws {
        struct Many: Decodable, Sendable { var numbers: [Int] }
        let wrong = Array(repeating: #""x""#, count: 1_000).joined(separator: ",")
        #expect(try await faults(Many.self, .of(.post, json: #"{"numbers":[\#(wrong)]}"#)).count == 100)
        let padding = String(repeating: " ", count: 70_000)
        #expect(
            try await faults(Many.self, .of(.post, json: #"{"numbers":[\#(wrong)]\#(padding)}"#))
                == ["body.numbers[0]: expected a whole number, found a string"])
    }

    @Test("a deeply nested body costs no more than a shallow one allows")
    func deep() async throws {
        final class Node: Decodable, Sendable {
            let next: Node?
            let value: Int
        }
        var json = #"{"value":"x"}"#
        for _ in 0..<100 { json = #"{"value":1,"next":\#(json)}"# }
        #expect(try await faults(Node.self, .of(.post, json: json)).count == 1)
    }
}
