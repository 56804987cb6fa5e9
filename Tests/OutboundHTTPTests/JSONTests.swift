import JSONCoding
import Testing

@testable import OutboundHTTP

@Suite struct JSONTests {
    struct Rate: Codable, Equatable, Sendable {
        var currency: String
        var rate: Double
    }

    @Test("a value goes out and comes back as JSON")
    func roundTrip() async throws {
        let server = try TinyServer { answer(body: String(decoding: $0.body, as: UTF8.self)) }
        let rate = Rate(currency: "EUR", rate: 1.25)
        let back = try await withClient {
            try await $0.decode(Rate.self, from: HTTPRequest("PUT", server.url, json: rate))
        }
        #expect(back == rate)
        let request = try #require(server.requests.first)
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("accept") == "application/json")
        #expect(request.body == Array(#"{"currency":"EUR","rate":1.25}"#.utf8))
    }

    @Test("a status that is no success is an error where a value is asked for")
    func status() async throws {
        let server = try TinyServer { _ in answer("404 Not Found", body: "{}") }
        let kind = try await withClient { client async throws in
            await failure { _ = try await client.decode(Rate.self, from: HTTPRequest("GET", server.url)) }
        }
        #expect(kind == .unexpectedStatus(404))
    }

    @Test("a fault of the document is told with its path")
    func fault() async throws {
        let server = try TinyServer { _ in answer(body: #"{"currency":"EUR","rate":"x"}"#) }
        try await withClient { client async throws in
            let error = await #expect(throws: JSONDecodingError.self) {
                try await client.decode(Rate.self, from: HTTPRequest("GET", server.url))
            }
            #expect(error?.path.description.contains("rate") == true)
        }
    }

    @Test(
        "names and values of a query are escaped and stand in their place",
        arguments: [
            ("http://h/p", "http://h/p?a%26b=c%20d%2F%3D%C3%A9"),
            ("http://h/p?x=1", "http://h/p?x=1&a%26b=c%20d%2F%3D%C3%A9"),
            ("http://h/p#f", "http://h/p?a%26b=c%20d%2F%3D%C3%A9#f"),
            ("http://h/p#f?g", "http://h/p?a%26b=c%20d%2F%3D%C3%A9#f?g"),
        ])
    func query(url: String, expected: String) {
        var request = HTTPRequest("GET", url)
        request.addQuery("a&b", "c d/=é")
        #expect(request.url == expected)
    }
}
