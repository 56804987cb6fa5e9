import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Pages by number")
struct PageTests {
    private static let limitFault =
        #"{"field":"limit","in":"query","message":"limit must be a positive integer"}"#
    private static let pageFault =
        #"{"field":"page","in":"query","message":"page must be a positive integer"}"#

    @Test(
        "page and limit are read, and a limit above max is lowered",
        arguments: [
            ("", 1, 10), ("?page=3", 3, 10), ("?limit=5", 1, 5), ("?limit=100", 1, 100),
            ("?limit=101", 1, 100),
            ("?limit=99999999999999999999999999", 1, 100), ("?page=007&limit=08", 7, 8),
            ("?%70age=2", 2, 10), ("?page=90071992547409&limit=100", 90_071_992_547_409, 100),
            ("?page=9007199254740992&limit=1", 1 << 53, 1), ("?cursor=whatever", 1, 10),
        ])
    func window(query: String, page: Int, limit: Int) throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/users" + query, reply: .usersPage)
        #expect(fixture.invoker.calls.first?.invocation.page == .page(number: page, limit: limit))
    }

    @Test(
        "what is no positive integer is a validation error that names every fault",
        arguments: [
            ("?page=0", [pageFault]), ("?page=-1", [pageFault]), ("?page=1.0", [pageFault]),
            ("?page=", [pageFault]), ("?page", [pageFault]), ("?page=+1", [pageFault]),
            ("?page=1e3", [pageFault]),
            ("?page=%201", [pageFault]), ("?page=\u{661}", [pageFault]), ("?limit=abc", [limitFault]),
            ("?limit=0&page=x", [limitFault, pageFault]),
            (
                "?page=1&page=2",
                [#"{"field":"page","in":"query","message":"page may be given only once"}"#]
            ),
            (
                "?page=9007199254740993&limit=1",
                [#"{"field":"page","in":"query","message":"page is beyond the last one that there can be"}"#]
            ),
            (
                "?page=99999999999999999999999",
                [#"{"field":"page","in":"query","message":"page is beyond the last one that there can be"}"#]
            ),
        ])
    func faults(query: String, details: [String]) throws {
        let fixture = GatewayFixture()
        let response = try fixture.send(.get, "/api/users" + query)
        #expect(response.status == Status(400))
        #expect(response.text.contains(#""code":"VALIDATION_ERROR""#))
        #expect(response.text.contains(#""details":[\#(details.joined(separator: ","))]"#))
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("the page's own parameters do not reach the handler, the others do")
    func otherParameters() throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/users?a=1&page=2&b=x%20y+z&limit=3&b=", reply: .usersPage)
        #expect(
            fixture.invoker.calls.first?.invocation.query == [
                .init("a", "1"), .init("b", "x y z"), .init("b", ""),
            ])
    }

    @Test(
        "the envelope counts pages",
        arguments: [
            ("", 57, #"{"page":1,"limit":10,"total":57,"totalPages":6,"hasNext":true,"hasPrev":false}"#),
            (
                "?page=6", 57,
                #"{"page":6,"limit":10,"total":57,"totalPages":6,"hasNext":false,"hasPrev":true}"#
            ),
            (
                "?page=9", 57,
                #"{"page":9,"limit":10,"total":57,"totalPages":6,"hasNext":false,"hasPrev":true}"#
            ),
            (
                "?limit=57", 57,
                #"{"page":1,"limit":57,"total":57,"totalPages":1,"hasNext":false,"hasPrev":false}"#
            ),
            ("", 0, #"{"page":1,"limit":10,"total":0,"totalPages":0,"hasNext":false,"hasPrev":false}"#),
        ])
    func envelope(query: String, total: Int, pagination: String) throws {
        let reply = Reply(kind: .page(total: total), body: Array("[]".utf8))
        let response = try GatewayFixture().send(.get, "/api/users" + query, reply: reply)
        #expect(response.status == .ok)
        #expect(response.text == #"{"data":[],"pagination":\#(pagination)}"#)
        #expect(response.headers["content-type"] == "application/json")
    }

    @Test(
        "Link leads to the first, previous, next and last page and keeps other parameters",
        arguments: [
            (
                "?page=2",
                [
                    "page=1&limit=10 first", "page=1&limit=10 prev", "page=3&limit=10 next",
                    "page=6&limit=10 last",
                ]
            ),
            ("", ["page=1&limit=10 first", "page=2&limit=10 next", "page=6&limit=10 last"]),
            ("?page=6", ["page=1&limit=10 first", "page=5&limit=10 prev", "page=6&limit=10 last"]),
            ("?page=99", ["page=1&limit=10 first", "page=6&limit=10 prev", "page=6&limit=10 last"]),
            (
                "?role=a%26b&page=1&x&limit=500",
                ["role=a%26b&x&page=1&limit=100 first", "role=a%26b&x&page=1&limit=100 last"]
            ),
        ])
    func links(query: String, expected: [String]) throws {
        let response = try GatewayFixture().send(.get, "/api/users" + query, reply: .usersPage)
        let wanted = expected.map { link in
            let parts = link.split(separator: " ")
            return "</api/users?\(parts[0])>; rel=\"\(parts[1])\""
        }
        #expect(response.headers["link"] == wanted.joined(separator: ", "))
    }

    @Test("a decoded path and a raw query are encoded again, so that no link can be broken out of")
    func hostileLinks() throws {
        var manifest = GatewayFixture.manifest
        manifest.functions[0].routes = [try #require(RoutePattern("GET /teams/{name}/users"))]
        let response = try GatewayFixture(manifest).send(
            .get, "/api/teams/a>; rel=\"x\" ü/users?q=<\">",
            reply: Reply(kind: .page(total: 1), body: Array("[1]".utf8))
        )
        let first = "/api/teams/a%3E;%20rel=%22x%22%20%C3%BC/users?q=%3C%22%3E&page=1&limit=10"
        #expect(response.headers["link"] == "<\(first)>; rel=\"first\", <\(first)>; rel=\"last\"")
    }

    @Test("a page where the manifest has none, or none where it has one, is a 500 whose cause is logged")
    func mismatches() throws {
        let cases: [(String, Reply)] = [
            ("/api/hello", .usersPage),
            ("/api/hello", Reply(kind: .cursorPage(next: nil), body: Array("[]".utf8))),
            ("/api/users", Reply(body: Array("[]".utf8))),
            ("/api/users", Reply(kind: .cursorPage(next: nil), body: Array("[]".utf8))),
            ("/api/events", .usersPage),
        ]
        for (target, reply) in cases {
            let fixture = GatewayFixture()
            let response = try fixture.send(.get, target, reply: reply)
            #expect(response.status == Status(500))
            #expect(response.text.contains(#""message":"Something went wrong on our side""#))
            #expect(fixture.observer.failures.first?.error.cause?.contains("page") == true)
        }
    }

    @Test(
        "a page that is no array, or counts below zero, is a crash of the function",
        arguments: [(1, ""), (1, "{}"), (1, "[1"), (-1, "[]")])
    func nonsense(total: Int, body: String) throws {
        let reply = Reply(kind: .page(total: total), body: Array(body.utf8))
        let response = try GatewayFixture().send(.get, "/api/users", reply: reply)
        #expect(response.status == Status(502))
        #expect(response.text.contains(#""code":"FUNCTION_CRASHED""#))
        #expect(!response.headers.contains("link"))
    }
}
