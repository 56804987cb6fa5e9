import Testing
import WireProtocol

@testable import Gateway

@Suite("The error envelope")
struct EnvelopeTests {
    private static func render(
        _ error: APIError, _ form: ErrorEnvelope.Form = .json
    ) -> OutgoingResponse {
        ErrorEnvelope.response(
            error, form, id: .given("req-1"), unixMilliseconds: 1_795_229_700_123)
    }

    @Test("every code is the contract's JSON, with its status and sentence", arguments: ErrorCode.allCases)
    func golden(code: ErrorCode) {
        let response = Self.render(APIError(code, cause: "secret cause"))
        #expect(response.status == code.status)
        #expect(
            response.text == #"{"error":{"code":"\#(code.rawValue)","status":\#(code.status.code),"#
                + #""message":"\#(code.sentence)","timestamp":"2026-11-21T02:55:00.123Z","requestId":"req-1"}}"#
        )
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.headers["cache-control"] == "no-store")
    }

    @Test("every code is RFC 9457's problem, with title and detail", arguments: ErrorCode.allCases)
    func problem(code: ErrorCode) {
        let response = Self.render(APIError(code, cause: "secret cause"), .problem)
        #expect(
            response.text == #"{"type":"about:blank","title":"\#(code.status.reason)","#
                + #""status":\#(code.status.code),"detail":"\#(code.sentence)","code":"\#(code.rawValue)","#
                + #""requestId":"req-1","timestamp":"2026-11-21T02:55:00.123Z"}"#)
        #expect(response.headers["content-type"] == "application/problem+json")
    }

    @Test("details stand between message and timestamp, and are escaped")
    func details() {
        let error = APIError(
            .validationError,
            details: [
                .init(field: "email", in: "body", message: "Email format is invalid"),
                .init(field: "a\"b", in: "query", message: "line\nbreak \u{1}"),
            ])
        #expect(
            Self.render(error).text == #"{"error":{"code":"VALIDATION_ERROR","status":400,"#
                + #""message":"Invalid input parameters","details":["#
                + #"{"field":"email","in":"body","message":"Email format is invalid"},"#
                + #"{"field":"a\"b","in":"query","message":"line\nbreak \u0001"}],"#
                + #""timestamp":"2026-11-21T02:55:00.123Z","requestId":"req-1"}}"#)
        #expect(Self.render(error, .problem).text.contains(#""errors":[{"field":"email","in":"body","#))
    }

    @Test("the error's own fields are sent, but not in place of the envelope's")
    func ownHeaders() {
        let error = APIError(
            .overloaded,
            headers: ["retry-after": "3", "content-type": "text/html", "cache-control": "public"])
        let response = Self.render(error)
        #expect(response.headers["retry-after"] == "3")
        #expect(response.headers.values("content-type") == ["application/json"])
        #expect(response.headers.values("cache-control") == ["no-store"])
    }

    @Test(
        "problem details are sent where Accept prefers them",
        arguments: [
            (nil, false), ("application/problem+json", true), ("application/json", false), ("*/*", false),
            ("application/problem+json, application/json;q=0.9", true),
            ("application/problem+json;q=0.8, application/json;q=0.9", false),
            ("application/problem+json, application/json", false), ("text/html", false),
            ("application/*;q=0.5, application/problem+json;q=0.6", true),
            ("application/problem+json;q=0", false), ("application/json;q=0, */*;q=0.1", true),
            ("APPLICATION/Problem+JSON", true), ("application/problem+json ; Q=0.3 , text/html", true),
            ("application/problem+json, */*;q=0.1", true), ("application/problem+json;q=2", false),
            ("application/problem+json;q=nonsense", false), ("", false), (",;,=", false),
            ("application/json;q=0.5;x=\"a,b\", application/problem+json;q=0.6", true),
            ("application/problem+json;q=0.001, application/json;q=0", true),
        ] as [(String?, Bool)])
    func negotiation(accept: String?, expected: Bool) throws {
        let headers: HeaderList = accept.map { ["accept": $0] } ?? [:]
        let response = try GatewayFixture().send(.get, "/api/nothing", headers)
        #expect(response.status == Status(404))
        #expect(
            response.headers["content-type"] == (expected ? "application/problem+json" : "application/json"))
        #expect(response.headers["vary"]?.hasPrefix("accept") == true)
    }

    @Test("Accept in two fields counts as one")
    func twoAccepts() throws {
        var headers: HeaderList = ["accept": "application/json;q=0.2"]
        headers.append("accept", "application/problem+json;q=0.3")
        let response = try GatewayFixture().send(.get, "/api/nothing", headers)
        #expect(response.headers["content-type"] == "application/problem+json")
    }

    @Test("bytes that were no request get the same envelope", arguments: ParseFailure.allCases)
    func parseFailures(failure: ParseFailure) throws {
        let fixture = GatewayFixture()
        let response = fixture.pipeline.response(to: failure, peer: "192.0.2.9")
        #expect(response.status == failure.status)
        #expect(response.text.contains(#""timestamp":"2026-11-21T02:55:00.123Z""#))
        #expect(response.headers["cache-control"] == "no-store")
        let id = try #require(response.headers["x-request-id"])
        #expect(response.text.contains(#""requestId":"\#(id)""#))
        let refusal = try #require(fixture.observer.refusals.first)
        #expect(refusal.failure == failure)
        #expect(refusal.client == "192.0.2.9")
        #expect(refusal.requestID.description == id)
    }
}
