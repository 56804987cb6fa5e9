import Testing
import WorkerLoop

@testable import OutboundHTTP

@Suite struct RetryTests {
    typealias Outcome = RetryMachine.Outcome

    @Test(
        "what is sent again",
        arguments: [
            // outcome, may be repeated, body begun, again
            (.answered(status: 200, retryAfter: nil), true, false, false),
            (.answered(status: 404, retryAfter: .zero), true, false, false),
            (.answered(status: 500, retryAfter: .zero), true, false, false),
            (.answered(status: 501, retryAfter: nil), true, false, false),
            (.answered(status: 502, retryAfter: nil), true, false, true),
            (.answered(status: 503, retryAfter: nil), true, false, true),
            (.answered(status: 504, retryAfter: nil), true, false, true),
            (.answered(status: 503, retryAfter: nil), false, false, false),
            (.answered(status: 503, retryAfter: nil), true, true, false),
            (.answered(status: 429, retryAfter: nil), true, false, false),
            (.answered(status: 429, retryAfter: .seconds(1)), true, false, true),
            (.answered(status: 429, retryAfter: .seconds(5)), true, false, true),
            (.answered(status: 429, retryAfter: .seconds(6)), true, false, false),
            (.answered(status: 503, retryAfter: .seconds(6)), true, false, false),
            (.answered(status: 429, retryAfter: .seconds(1)), false, false, false),
            (.failed(.connectionFailed, isSent: false), true, false, true),
            (.failed(.connectionFailed, isSent: false), false, false, true),
            (.failed(.connectionFailed, isSent: false), true, true, false),
            (.failed(.brokenOff, isSent: true), true, false, true),
            (.failed(.brokenOff, isSent: true), false, false, false),
            (.failed(.brokenOff, isSent: false), false, false, true),
            (.failed(.brokenOff, isSent: true), true, true, false),
            (.failed(.timedOut, isSent: false), true, false, true),
            (.failed(.timedOut, isSent: true), true, false, false),
            (.failed(.tlsFailed, isSent: false), true, false, false),
            (.failed(.nameNotResolved, isSent: false), true, false, false),
            (.failed(.tooLarge, isSent: true), true, false, false),
            (.failed(.malformedAnswer, isSent: true), true, false, false),
            (.failed(.invalidRequest, isSent: false), true, false, false),
            (.failed(.tooManyRedirects, isSent: true), true, false, false),
            (.failed(.redirectRefused, isSent: true), true, false, false),
            (.failed(.closed, isSent: false), true, false, false),
        ] as [(Outcome, Bool, Bool, Bool)])
    func worth(outcome: Outcome, mayBeRepeated: Bool, hasBodyBegun: Bool, isRepeated: Bool) {
        let now = LoopInstant(nanoseconds: 0)
        var machine = RetryMachine(
            policy: .standard, mayBeRepeated: mayBeRepeated, deadline: now.advanced(by: .seconds(60)))
        let decision = machine.ended(outcome, hasBodyBegun: hasBodyBegun, at: now, jitter: 1)
        #expect((decision != .end) == isRepeated)
    }

    @Test("pauses double up to the longest, are cut by half at most, and end with the attempts and the deadline")
    func pauses() {
        let policy = RetryPolicy(attempts: 5, firstDelay: .milliseconds(100), longestDelay: .milliseconds(300))
        let now = LoopInstant(nanoseconds: 0)
        var machine = RetryMachine(
            policy: policy, mayBeRepeated: true, deadline: now.advanced(by: .seconds(60)))
        let outcome = Outcome.answered(status: 503, retryAfter: nil)
        let all = (0..<5).map { _ in machine.ended(outcome, hasBodyBegun: false, at: now, jitter: 1) }
        #expect(
            all == [
                .retry(after: .milliseconds(100)), .retry(after: .milliseconds(200)),
                .retry(after: .milliseconds(300)), .retry(after: .milliseconds(300)), .end,
            ])
        var least = RetryMachine(policy: policy, mayBeRepeated: true, deadline: now.advanced(by: .seconds(60)))
        #expect(
            least.ended(outcome, hasBodyBegun: false, at: now, jitter: 0) == .retry(after: .milliseconds(50)))
        var late = RetryMachine(
            policy: policy, mayBeRepeated: true, deadline: now.advanced(by: .milliseconds(100)))
        #expect(late.ended(outcome, hasBodyBegun: false, at: now, jitter: 1) == .end)
        var asked = RetryMachine(policy: policy, mayBeRepeated: true, deadline: now.advanced(by: .seconds(60)))
        #expect(
            asked.ended(
                .answered(status: 503, retryAfter: .seconds(2)), hasBodyBegun: false, at: now, jitter: 0)
                == .retry(after: .seconds(2)))
    }

    @Test(
        "Retry-After is seconds or a date",
        arguments: [
            ("0", 0), ("120", 120), ("999999999999999999999", 86_400), ("-1", nil), ("1.5", nil), ("", nil),
            ("soon", nil), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:49:30 GMT", 0),
            ("Mon, 07 Nov 1994 08:49:38 GMT", 86_400), ("Sun, 06 Nov 1994 08:49:47 EST", nil),
            ("Sun, 06 Nov 1994 24:49:47 GMT", nil), ("Sunday, 06-Nov-94 08:49:47 GMT", nil),
            ("Sun, 06 Nüv 1994 08:49:47 GM", nil),
        ] as [(String, Int?)])
    func retryAfter(text: String, seconds: Int?) {
        // Sun, 06 Nov 1994 08:49:37 GMT
        #expect(RetryAfter.parse(text, now: 784_111_777) == seconds.map { .seconds($0) })
    }

    @Test("an idempotent request is sent until it is answered well", arguments: ["GET", "PUT", "DELETE"])
    func again(method: String) async throws {
        let server = try TinyServer { $0.connection < 3 ? answer("503 Busy", ["Connection: close"]) : answer() }
        let response = try await withClient {
            try await $0.send(HTTPRequest(method, server.url, body: .text("x"), retries: .quick))
        }
        #expect(response.status == 200)
        #expect(server.requests.map(\.body) == [[120], [120], [120]])
    }

    @Test("a POST is sent once, unless it is said to be idempotent", arguments: [nil, true] as [Bool?])
    func post(isIdempotent: Bool?) async throws {
        let server = try TinyServer { _ in answer("502 Bad Gateway", body: "bad") }
        let response = try await withClient {
            try await $0.send(
                HTTPRequest("POST", server.url, body: .text("x"), retries: .quick, isIdempotent: isIdempotent))
        }
        #expect(response.status == 502)
        #expect(response.body == Array("bad".utf8))
        #expect(server.requests.count == (isIdempotent == true ? 3 : 1))
    }

    @Test("a used connection that breaks without an answer has a GET sent again, and never a POST")
    func usedConnection() async throws {
        let server = try TinyServer { $0.line.contains("/break") && $0.connection == 1 ? nil : answer() }
        try await withClient { client async throws in
            _ = try await client.send(HTTPRequest("GET", server.url))
            for body in [HTTPRequestBody.none, .text("x")] {
                let before = server.requests.count
                let request = HTTPRequest("POST", "\(server.url)/break", body: body, retries: .quick)
                let kind = await failure { _ = try await client.send(request) }
                if before == 1 { #expect(kind == .brokenOff) }
                #expect(server.requests.count == before + 1)
            }
        }
        let other = try TinyServer { $0.line.contains("/break") && $0.connection == 1 ? nil : answer() }
        try await withClient { client async throws in
            _ = try await client.send(HTTPRequest("GET", other.url))
            let again = try await client.send(HTTPRequest("GET", "\(other.url)/break", retries: .quick))
            #expect(again.status == 200)
        }
        #expect(other.requests.count == 3)
    }

    @Test("a streamed body that was begun is never sent again, and one that was not is")
    func halfSent() async throws {
        let server = try TinyServer { _ in answer("503 Busy") }
        let produced = Gate()
        let response = try await withClient {
            try await $0.send(
                HTTPRequest(
                    "PUT", server.url,
                    body: .stream { writer in
                        #expect(!produced.isOpen)
                        produced.open()
                        try await writer.write("abc")
                    }, retries: .quick))
        }
        #expect(response.status == 503)
        #expect(server.requests.count == 1)
        let started = Gate()
        let kind = try await withClient { client async throws in
            await failure {
                _ = try await client.send(
                    HTTPRequest(
                        "PUT", "http://127.0.0.1:1/", body: .stream { _ in started.open() }, retries: .quick))
            }
        }
        #expect(kind == .connectionFailed)
        #expect(!started.isOpen)
    }

    @Test("the error says whether the server may have got the request")
    func mayHaveBeenSent() async throws {
        let server = try TinyServer { _ in nil }
        try await withClient { client async throws in
            for (url, isSent) in [(server.url, true), ("http://127.0.0.1:1/", false)] {
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.send(HTTPRequest("POST", url, body: .text("x"), retries: .never))
                }
                #expect(error?.mayHaveBeenSent == isSent)
            }
        }
    }
}
