import Testing
import WorkerLoop

@testable import OutboundHTTP

@Suite struct InvocationTests {
    final class Scope: InvocationScope {
        let requestIDText: String
        let traceparent: String
        let tracestate: String?
        let deadline: LoopInstant

        init(
            requestID: String = "req_1",
            traceparent: String = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            tracestate: String? = "a=1,b=2", left: Duration = .seconds(60)
        ) {
            requestIDText = requestID
            self.traceparent = traceparent
            self.tracestate = tracestate
            deadline = LoopInstant.now.advanced(by: left)
        }
    }

    @Test("the invocation's id and trace are passed on, with a parent id of each request's own")
    func passedOn() async throws {
        let server = try TinyServer { _ in answer() }
        try await withClient { client async throws in
            try await CurrentInvocation.$scope.withValue(Scope()) {
                for _ in 0..<2 { _ = try await client.send(HTTPRequest("GET", server.url)) }
                _ = try await client.withResponse(to: HTTPRequest("GET", server.url)) { $0.status }
            }
        }
        var parents = Set(["b7ad6b7169203331"])
        for request in server.requests {
            #expect(request.header("x-request-id") == "req_1")
            #expect(request.header("tracestate") == "a=1,b=2")
            let parts = try #require(request.header("traceparent")).split(separator: "-")
            #expect(parts[0] == "00" && parts[1] == "0af7651916cd43dd8448eb211c80319c")
            #expect(parts[3] == "01")
            #expect(parts[2].utf8.count == 16)
            parents.insert(String(parts[2]))
        }
        #expect(parents.count == 4)
    }

    @Test("without an invocation, or when it is not wanted, nothing is added; what the caller set stays")
    func notPassedOn() async throws {
        let server = try TinyServer { _ in answer() }
        try await withClient { client async throws in
            _ = try await client.send(HTTPRequest("GET", server.url))
            try await CurrentInvocation.$scope.withValue(Scope()) {
                _ = try await client.send(HTTPRequest("GET", server.url, passesTrace: false))
                _ = try await client.send(
                    HTTPRequest("GET", server.url, headers: ["X-Request-Id": "own", "Traceparent": "mine"]))
            }
        }
        for request in server.requests.prefix(2) {
            for name in ["x-request-id", "traceparent", "tracestate"] { #expect(request.header(name) == nil) }
        }
        let last = try #require(server.requests.last)
        #expect(last.header("x-request-id") == "own")
        #expect(last.header("traceparent") == "mine")
        #expect(last.header("tracestate") == nil)
    }

    @Test(
        "a trace of another form is not passed on",
        arguments: [
            "", "00", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\r\n",
        ])
    func forms(traceparent: String) {
        #expect(InvocationHeaders.child(of: traceparent, parentID: 1) == nil)
        let headers = InvocationHeaders.added(to: [:], from: Scope(traceparent: traceparent), parentID: 1)
        #expect(headers.map(\.name) == ["X-Request-Id"])
    }

    @Test(
        "a parent id has sixteen digits and is not nothing",
        arguments: [(0, 1), (1, 1), (.max, .max)] as [(UInt64, UInt64)])
    func parents(id: UInt64, expected: UInt64) throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let parts = try #require(InvocationHeaders.child(of: trace, parentID: id)).split(separator: "-")
        #expect(parts[2].utf8.count == 16)
        #expect(UInt64(parts[2], radix: 16) == expected)
    }

    @Test("a request ends with its invocation's deadline, and none begins after it")
    func deadline() async throws {
        let server = try TinyServer { _ in [] }
        try await withClient { client async throws in
            let request = HTTPRequest("GET", server.url, timeout: .seconds(600))
            let late = await CurrentInvocation.$scope.withValue(Scope(left: .milliseconds(100))) {
                await failure { _ = try await client.send(request) }
            }
            #expect(late == .timedOut)
            let other = try TinyServer { _ in answer() }
            let over = await CurrentInvocation.$scope.withValue(Scope(left: .zero)) {
                await failure { _ = try await client.send(HTTPRequest("GET", other.url)) }
            }
            #expect(over == .timedOut)
            #expect(other.connectionCount == 0)
        }
    }
}
