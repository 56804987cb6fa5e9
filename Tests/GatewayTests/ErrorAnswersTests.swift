import Testing
import WireProtocol

@testable import Gateway

@Suite("Answers without a pipeline")
struct ErrorAnswersTests {
    private let errors = ErrorAnswers(
        clock: GatewayClock(unixMilliseconds: { 1_795_229_700_123 }, monotonicNanoseconds: { 0 }))

    @Test("every refusal is the envelope with its id, in the body and in the field", arguments: ParseFailure.allCases)
    func refusal(_ failure: ParseFailure) {
        let id = errors.requestID()
        let response = errors.response(to: failure, id: id)
        #expect(response.status == failure.status)
        #expect(response.headers["x-request-id"] == id.description)
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.text.hasSuffix(#""timestamp":"2026-11-21T02:55:00.123Z","requestId":"\#(id)"}}"#))
    }

    @Test("an id is the client's where it is acceptable, else a new one")
    func identity() {
        #expect(errors.requestID(["x-request-id": "mine"]) == .given("mine"))
        let first = errors.requestID(["x-request-id": "not mine"])
        let second = errors.requestID()
        #expect(first.description.hasPrefix("req_") && second.description.hasPrefix("req_"))
        #expect(first != second)
    }

    @Test("who prefers problem details gets them")
    func problem() {
        let accept: HeaderList = ["accept": "application/problem+json"]
        let response = errors.response(to: APIError(.notFound), id: .given("a"), headers: accept)
        #expect(response.headers["content-type"] == "application/problem+json")
        #expect(response.headers["vary"] == "accept")
    }
}
