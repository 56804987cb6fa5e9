import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("The access log's record")
struct AccessLogTests {
    @Test("a record holds what the contract lists")
    func record() throws {
        let fixture = GatewayFixture()
        let (plan, _) = fixture.accept(.get, "/api/users/42?verbose=1")
        guard case .gather(_, let receiver) = plan else { throw Unexpected() }
        receiver.gathered([])
        fixture.time.advance(milliseconds: 3)
        try #require(fixture.invoker.calls.first).sink.reply(
            Reply(body: Array("{}".utf8)), from: FakeInvoker.worker)
        let record = try #require(fixture.observer.records.first)
        #expect(fixture.observer.records.count == 1)
        #expect(record.method == .get)
        #expect(String(decoding: record.url, as: UTF8.self) == "/api/users/42?verbose=1")
        #expect(record.route == "/users/{id}")
        #expect(record.status == .ok)
        #expect(record.nanoseconds == 3_000_000)
        #expect(record.userID == nil)
        #expect(record.function == "GetUser")
        #expect(record.worker == FakeInvoker.worker)
        #expect(record.bytes == 2)
        #expect(record.client == "192.0.2.7")
    }

    @Test("an unmatched path has a bounded route")
    func unmatched() throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/whatever/\u{1}")
        let record = try #require(fixture.observer.records.first)
        #expect(record.route == "unmatched")
        #expect(record.function == nil)
        #expect(record.worker == nil)
        #expect(String(decoding: record.url, as: UTF8.self) == "/api/whatever/%01")
    }

    @Test(
        "secret parameters are never logged, however they are written",
        arguments: [
            ("token=abc", "token=***"), ("a=1&access_token=abc&b=2", "a=1&access_token=***&b=2"),
            ("%74oken=abc", "%74oken=***"), ("TOKEN=abc", "TOKEN=***"),
            ("token=a&token=b", "token=***&token=***"),
            ("tokens=abc", "tokens=abc"), ("token", "token=***"), ("password=%zz", "password=***"),
            ("api_key=a=b", "api_key=***"), ("x=<\n>", "x=%3C%0A%3E"), ("a=%zz", "a=%zz"),
        ])
    func redaction(query: String, expected: String) throws {
        let fixture = GatewayFixture()
        try fixture.send(.get, "/api/hello?" + query)
        let url = try #require(fixture.observer.records.first).url
        #expect(String(decoding: url, as: UTF8.self) == "/api/hello?" + expected)
    }

    @Test(
        "the manifest says which requests are logged",
        arguments: [(RequestLogging.all, [200, 404]), (.errors, [404]), (.none, [])])
    func logging(requests: RequestLogging, statuses: [UInt16]) throws {
        var manifest = GatewayFixture.manifest
        manifest.log.requests = requests
        let fixture = GatewayFixture(manifest)
        try fixture.send(.get, "/api/hello")
        try fixture.send(.get, "/api/nothing")
        #expect(fixture.observer.records.map(\.status.code) == statuses)
    }
}
