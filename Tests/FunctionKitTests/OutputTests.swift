import FunctionKit
import Testing

@Suite("Outputs and their conventions")
struct OutputTests {
    struct User: Codable, Sendable, Equatable {
        var id: Int
        var name: String
    }

    struct GetUser: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: NoInput, _ context: Context) async throws -> User { User(id: 1, name: "Ada") }
    }
    struct ListUsers: Function {
        struct Input: Decodable, Sendable { var page: PageRequest }
        init(_ startup: Startup) async throws {}
        func handle(_ input: Input, _ context: Context) async throws -> Page<User> {
            let users = [User(id: 1, name: "Ada")]
            return input.page.after == nil ? Page(users, total: 57) : Page(users, next: "p2")
        }
    }
    struct CreateUser: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: User, _ context: Context) async throws -> Created<User> {
            Created(input, location: "/users/\(input.id)")
        }
    }
    struct DeleteUser: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: NoInput, _ context: Context) async throws {
            guard context.caller.has(role: "admin") else { throw APIError.forbidden() }
            context.logger.info("deleted", ["by": context.caller.id ?? "nobody"])
        }
    }
    struct Perhaps: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: NoInput, _ context: Context) async throws -> [String: Int?]? { nil }
    }
    struct NotANumber: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: NoInput, _ context: Context) async throws -> Double { .nan }
    }
    struct Redirect: Function {
        init(_ startup: Startup) async throws {}
        func handle(_ input: NoInput, _ context: Context) async throws -> Response {
            .redirect(to: context.path + "new")
        }
    }

    func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    @Test("an Encodable is 200 with JSON, nothing is null")
    func encodable() async throws {
        let reply = try await GetUser(.test()).reply(to: .of())
        #expect(reply.status == .ok && reply.kind == .response && text(reply) == #"{"id":1,"name":"Ada"}"#)
        #expect(reply.headers["content-type"] == "application/json")
        #expect(try await text(Perhaps(.test()).reply(to: .of())) == "null")
    }

    @Test("a page carries its items, and its total or its next position")
    func page() async throws {
        let function = try await ListUsers(.test())
        let numbered = await function.reply(to: .of(page: .page(number: 1, limit: 10)))
        #expect(numbered.kind == .page(total: 57) && text(numbered) == #"[{"id":1,"name":"Ada"}]"#)
        let positioned = await function.reply(to: .of(page: .cursor(after: "p1", limit: 10)))
        #expect(positioned.kind == .cursorPage(next: "p2"))
    }

    @Test("something created is 201 with its location")
    func created() async throws {
        let reply = try await CreateUser(.test()).reply(to: .of(.post, json: #"{"id":4,"name":"Bo"}"#))
        #expect(reply.status == .created && reply.headers["location"] == "/users/4")
        #expect(text(reply) == #"{"id":4,"name":"Bo"}"#)
    }

    @Test("nothing is 204, and what is thrown is the error")
    func nothing() async throws {
        var invocation = Invocation.of(.delete)
        let function = try await DeleteUser(.test())
        guard case .error(let error) = await function.reply(to: invocation).kind else {
            Issue.record("no error")
            return
        }
        #expect(error == .forbidden())
        invocation.caller = Caller(id: "u1", roles: ["admin"])
        let log = TestLog()
        let reply = await function.reply(to: invocation, log: log)
        #expect(reply == Reply(status: .noContent))
        #expect(log.lines == [LogFrame(level: .info, message: "deleted", metadata: [.init("by", "u1")])])
    }

    @Test("a response is what it says")
    func response() async throws {
        let reply = try await Redirect(.test()).reply(to: .of())
        #expect(reply.status == Status(303) && reply.headers["location"] == "/new")
        let json = try Response.json(["a": 1], status: Status(202), headers: ["X-A": "b"])
        #expect(json.headers.count == 2 && json.body == Array(#"{"a":1}"#.utf8))
    }

    @Test("a value that cannot be JSON is a 500")
    func notEncodable() async throws {
        guard case .error(let error) = try await NotANumber(.test()).reply(to: .of()).kind else {
            Issue.record("no error")
            return
        }
        #expect(error.code == "INTERNAL_ERROR" && error.cause != nil)
    }

    @Test("a handler is called without a server")
    func direct() async throws {
        let page = try await ListUsers(.test(environment: ["A": "b"])).handle(
            .init(page: PageRequest()), .test(caller: Caller(id: "u1")))
        #expect(page.items == [User(id: 1, name: "Ada")])
        #expect(page.continuation == .total(57))
    }

    @Test("a missing environment variable is named")
    func environment() throws {
        let startup = try Startup.test(environment: ["A": "b", "EMPTY": ""])
        #expect(try startup.require("A") == "b")
        #expect(throws: MissingVariable(name: "EMPTY")) { try startup.require("EMPTY") }
    }

    @Test("claims are read as the handler's own type")
    func claims() throws {
        struct Claims: Decodable, Equatable { var tenant: String }
        #expect(
            try Caller(claims: #"{"tenant":"t1","sub":"u"}"#).claims(as: Claims.self) == Claims(tenant: "t1"))
        #expect(try Caller.anonymous.claims(as: Claims.self) == nil)
    }
}
