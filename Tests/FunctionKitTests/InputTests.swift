import FoundationEssentials
import FunctionKit
import Testing

@Suite("Inputs from path, query and body")
struct InputTests {
    struct Three: Decodable, Sendable {
        var a: String
        var b: String?
        var c: Int?
    }

    @Test("the path wins over the query, the query over the body")
    func precedence() async throws {
        let all = Invocation.of(
            .post, path: [.init("a", "path")], query: [.init("a", "query"), .init("b", "query")],
            json: #"{"a":"body","b":"body","c":3}"#)
        #expect(
            try await decoded(Three.self, all) == #"Three(a: "path", b: Optional("query"), c: Optional(3))"#)
        let less = Invocation.of(.post, query: [.init("c", "7")], json: #"{"a":"body","b":null,"x":1}"#)
        #expect(try await decoded(Three.self, less) == #"Three(a: "body", b: nil, c: Optional(7))"#)
    }

    struct Texts: Decodable, Sendable {
        enum Order: String, Decodable, Sendable { case newest, oldest }
        enum Level: Int, Decodable, Sendable { case low = 1, high }

        var int: Int?
        var small: UInt8?
        var double: Double?
        var bool: Bool?
        var order: Order?
        var level: Level?
        var tags: [String]?
        var ids: [Int]?
        var orders: [Order]?
        var set: Set<Int>?
        var when: Date?
        var id: UUID?
        var price: Decimal?
    }

    @Test(
        "text becomes what the field is",
        arguments: [
            ("int", ["-42"], "int: Optional(-42)"), ("int", ["0"], "int: Optional(0)"),
            ("int", ["10"], "int: Optional(10)"),
            ("int", ["-9223372036854775808"], "int: Optional(-9223372036854775808)"),
            ("small", ["255"], "small: Optional(255)"),
            ("double", ["1.5e3"], "double: Optional(1500.0)"), ("double", ["7"], "double: Optional(7.0)"),
            ("bool", ["true"], "bool: Optional(true)"), ("bool", ["0"], "bool: Optional(false)"),
            ("order", ["oldest"], "Order.oldest)"), ("level", ["2"], "Level.high)"),
            ("tags", ["a", "b,c", "7"], #"tags: Optional(["a", "b,c", "7"])"#),
            ("tags", ["7"], #"tags: Optional(["7"])"#),
            ("ids", ["1", "2"], "ids: Optional([1, 2])"), ("ids", ["1"], "ids: Optional([1])"),
            ("orders", ["newest", "oldest"], "Order.newest, "),
            ("set", ["3", "3"], "set: Optional(Set([3]))"),
            ("when", ["2026-11-21T02:55:00Z"], "2026-11-21"),
            ("id", ["2B9DF2A1-1F6E-4B36-8E77-0B3D3A4D5C6F"], "2B9DF2A1-1F6E-4B36-8E77-0B3D3A4D5C6F"),
            ("price", ["12.30"], "price: Optional(12.3)"),
        ])
    func coercion(_ field: String, _ texts: [String], _ expected: String) async throws {
        let query = texts.map { Invocation.Parameter(field, $0) }
        let text = try await decoded(Texts.self, .of(query: query))
        #expect(text.contains(expected), "\(text)")
    }

    static let plainly = "must be written plainly, such as 1 or -1: without a plus sign, without zeros in front"

    @Test(
        "text that is not what the field is names the field",
        arguments: [
            ("int", ["x"], "query.int: expected a whole number"),
            ("int", [""], "query.int: expected a whole number"),
            ("int", ["1.5"], "query.int: expected a whole number"),
            ("int", ["+1"], "query.int: \(plainly)"), ("int", ["01"], "query.int: \(plainly)"),
            ("int", ["-01"], "query.int: \(plainly)"), ("int", ["-0"], "query.int: \(plainly)"),
            ("int", ["00"], "query.int: \(plainly)"), ("small", ["+255"], "query.small: \(plainly)"),
            ("int", ["1.0"], "query.int: must be a whole number, written without a fraction and an exponent"),
            ("int", ["1e2"], "query.int: must be a whole number, written without a fraction and an exponent"),
            ("int", ["-"], "query.int: expected a whole number"), ("int", [" 1"], "query.int: expected a whole number"),
            ("int", ["１"], "query.int: expected a whole number"),
            ("small", ["-1"], "query.small: is out of range: expected 0 to 255"),
            ("int", ["1", "2"], "query.int: is given more than once"),
            ("small", ["256"], "query.small: is out of range: expected 0 to 255"),
            ("double", ["nan"], "query.double: expected a number"),
            ("double", ["0x1p3"], "query.double: expected a number"),
            ("double", ["1e999"], "query.double: is out of range for a number"),
            ("bool", ["yes"], "query.bool: expected true or false"),
            ("order", ["best"], "query.order: is not one of the allowed values"),
            ("order", ["newest", "oldest"], "query.order: is given more than once"),
            ("level", ["high"], "query.level: expected a whole number"),
            ("level", ["9"], "query.level: is not one of the allowed values"),
            ("ids", ["1", "x"], "query.ids[1]: expected a whole number"),
            ("orders", ["newest", "best"], "query.orders[1]: is not one of the allowed values"),
        ])
    func badText(_ field: String, _ texts: [String], _ expected: String) async throws {
        let query = texts.map { Invocation.Parameter(field, $0) }
        #expect(try await faults(Texts.self, .of(query: query)) == [expected])
    }

    @Test("of two whole numbers that are not plainly written each is named")
    func badTexts() async throws {
        #expect(
            try await faults(Texts.self, .of(query: [.init("int", "-0"), .init("small", "1.0")])) == [
                "query.int: \(Self.plainly)",
                "query.small: must be a whole number, written without a fraction and an exponent",
            ])
    }

    @Test(
        "a page request comes from the manifest's page, under any name, and is optional where there is none")
    func page() async throws {
        struct Paged: Decodable, Sendable { var which: PageRequest }
        struct Perhaps: Decodable, Sendable { var which: PageRequest? }
        let numbered = try await decoded(Paged.self, .of(page: .page(number: 3, limit: 20)))
        #expect(numbered.contains("number: 3, limit: 20, after: nil"))
        let positioned = try await decoded(Perhaps.self, .of(page: .cursor(after: "p", limit: 5)))
        #expect(positioned.contains(#"limit: 5, after: Optional("p")"#))
        #expect(try await decoded(Perhaps.self, .of()) == "Perhaps(which: nil)")
        await #expect(throws: APIError.self) { try await decoded(Paged.self, .of()) }
        #expect(PageRequest(number: 3, limit: 20).offset == 40)
        #expect(PageRequest(number: .max, limit: 20).offset == .max)
    }

    @Test("a position of several values comes back as it was given")
    func position() async throws {
        struct Place: Codable, Equatable {
            var time: Int
            var id: String
        }
        let page = try Page([1], nextPosition: Place(time: 5, id: "x"))
        guard case .next(let next) = page.continuation else {
            Issue.record("no position")
            return
        }
        #expect(try PageRequest(after: next, limit: 1).position(as: Place.self) == Place(time: 5, id: "x"))
        #expect(try PageRequest(after: nil, limit: 1).position(as: Place.self) == nil)
        #expect(throws: APIError.self) { try PageRequest(after: "[", limit: 1).position(as: Place.self) }
    }

    @Test("a function without an input reads nothing, whatever comes")
    func none() async throws {
        let garbage = Invocation.of(.post, query: [.init("a", "b")], json: "{{{", type: "text/plain")
        #expect(try await decoded(NoInput.self, garbage) == "NoInput()")
    }

    @Test("an input may be the whole body")
    func wholeBody() async throws {
        #expect(try await decoded([Int].self, .of(.post, json: "[1,2]")) == "[1, 2]")
        #expect(try await decoded([String: Int].self, .of(.post, json: #"{"a":1}"#)) == #"["a": 1]"#)
        #expect(try await faults([Int].self, .of(.post)) == ["body.body: is required"])
    }

    @Test(
        "a body that is not said to be JSON is 415, but only for who looks into it",
        arguments: [nil, "text/plain", "application/jsonx", "+json"])
    func mediaType(_ type: String?) async throws {
        var invocation = Invocation.of(.post, path: [.init("a", "x")], json: #"{"b":"y"}"#, type: type ?? "")
        if type == nil { invocation.headers = HeaderList() }
        do {
            _ = try await decoded(Three.self, invocation)
            Issue.record("taken")
        } catch let error as APIError {
            #expect(error.code == "UNSUPPORTED_MEDIA_TYPE" && error.status == Status(415))
        }
        struct One: Decodable, Sendable { var a: String }
        #expect(try await decoded(One.self, invocation) == #"One(a: "x")"#)
    }

    @Test(
        "these types are JSON",
        arguments: [
            "application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json",
            "application/json ;x",
        ])
    func jsonTypes(_ type: String) async throws {
        let invocation = Invocation.of(.post, path: [.init("a", "x")], json: #"{"b":"y"}"#, type: type)
        #expect(try await decoded(Three.self, invocation).contains("y"))
    }

    @Test(
        "a key that is given twice is named by its path",
        arguments: [
            (#"{"a":1,"a":2}"#, "a is given twice"), (#"{"b":[{},{"c":1,"\u0063":2}]}"#, "b[1].c is given twice"),
            (#"{"b":{"a b":1,"a b":2}}"#, #"b["a b"] is given twice"#),
        ])
    func doubledKeys(_ json: String, _ sentence: String) async throws {
        let error = await #expect(throws: APIError.self) { try await decoded(Three.self, .of(.post, json: json)) }
        #expect(error == .badRequest("The body is not valid JSON: \(sentence)"))
    }

    @Test(
        "malformed JSON is a bad request",
        arguments: ["{", "", "{}x", #"{"a":1,"a":2}"#, "\u{FEFF}{}", "nul"])
    func malformed(_ json: String) async throws {
        guard !json.isEmpty else {
            #expect(try await faults(Three.self, .of(.post, json: "")) == ["body.a: is required"])
            return
        }
        do {
            _ = try await decoded(Three.self, .of(.post, json: json))
            Issue.record("taken")
        } catch let error as APIError {
            #expect(error.code == "BAD_REQUEST" && error.message.hasPrefix("The body is not valid JSON: "))
        }
    }
}
