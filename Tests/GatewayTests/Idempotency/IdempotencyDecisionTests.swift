import Testing
import WireProtocol

@testable import Gateway

@Suite("What becomes of a request with a key")
struct IdempotencyDecisionTests {
    static let response = StoredResponse(status: .created, headers: ["location": "/users/1"], body: [1, 2])
    private static let own: UInt64 = 7
    private static let asked = RequestFingerprint(stored: [UInt8](repeating: 1, count: 32))
    private static let other = RequestFingerprint(stored: [UInt8](repeating: 2, count: 32))

    private static func record(
        _ state: IdempotencyRecord.State, expires: UInt64 = 10_000, _ fingerprint: RequestFingerprint = asked
    ) -> IdempotencyRecord {
        IdempotencyRecord(fingerprint: fingerprint, state: state, expires: expires)
    }

    @Test(
        "the record and the time decide",
        arguments: [
            (nil, 0, .run),
            (record(.running(owner: own)), 9_999, .running(retryAfterSeconds: 1)),
            (record(.running(owner: own)), 10_000, .running(retryAfterSeconds: 1)),
            (record(.running(owner: own)), .max, .running(retryAfterSeconds: 1)),
            (record(.running(owner: own), other), 10_000, .mismatch),
            (record(.running(owner: 8)), 9_999, .unknownOutcome),
            (record(.running(owner: IdempotencyRecord.nobody)), 9_999, .unknownOutcome),
            (record(.running(owner: 8)), 10_000, .run),
            (record(.running(owner: 8), other), 9_999, .mismatch),
            (record(.running(owner: 8), other), 10_000, .run),
            (record(.ending), 5_000, .running(retryAfterSeconds: 5)),
            (record(.ending), 5_001, .running(retryAfterSeconds: 5)),
            (record(.ending), 9_999, .running(retryAfterSeconds: 1)),
            (record(.ending), 10_000, .run),
            (record(.ending, other), 9_999, .mismatch),
            (record(.ending, expires: 90_000), 29_999, .run),
            (record(.ending, expires: .max), 0, .run),
            (record(.done(response)), 9_999, .replay(response)),
            (record(.done(response)), 10_000, .run),
            (record(.done(response), other), 9_999, .mismatch),
            (record(.done(response), other), 10_000, .run),
        ] as [(IdempotencyRecord?, UInt64, IdempotencyDecision)])
    func table(record: IdempotencyRecord?, now: UInt64, decision: IdempotencyDecision) {
        #expect(IdempotencyRecord.decision(record, for: Self.asked, owner: Self.own, now: now) == decision)
    }

    @Test("what is refused has a status, a code, a sentence, and when to come again where that is safe")
    func errors() throws {
        let table: [(IdempotencyDecision, UInt16, String, String?)] = [
            (.running(retryAfterSeconds: 3), 409, "IDEMPOTENCY_CONFLICT", "3"),
            (.running(retryAfterSeconds: 0), 409, "IDEMPOTENCY_CONFLICT", "1"),
            (.unknownOutcome, 409, "IDEMPOTENCY_CONFLICT", nil),
            (.mismatch, 422, "IDEMPOTENCY_MISMATCH", nil),
            (.overloaded, 503, "OVERLOADED", "1"),
            (.unavailable(cause: "the disk is full"), 503, "FUNCTION_UNAVAILABLE", "5"),
        ]
        for (decision, status, code, retryAfter) in table {
            let error = try #require(decision.error(header: "X-Once"))
            #expect(error.status == Status(status) && error.code == code)
            #expect(error.headers["retry-after"] == retryAfter)
            #expect(!error.message.contains("disk"))
            if decision != .overloaded { #expect(error.message.contains("X-Once")) }
        }
        #expect(IdempotencyDecision.unavailable(cause: "full").error(header: "X")?.cause == "full")
        #expect(IdempotencyDecision.unknownOutcome.error(header: "X")?.message.contains("is not known") == true)
        #expect(IdempotencyDecision.run.error(header: "X") == nil)
        #expect(IdempotencyDecision.replay(Self.response).error(header: "X") == nil)
    }

    @Test(
        "a handler's whole answer of 200 to 499 is kept, up to 1 MiB",
        arguments: [
            (200, 0, .keep), (201, 1 << 20, .keep), (204, 0, .keep), (303, 0, .keep), (400, 10, .keep),
            (499, 10, .keep), (500, 10, .release), (503, 0, .release), (200, (1 << 20) + 1, .release),
            (200, nil, .release), (404, nil, .release), (199, 0, .release), (0, 0, .release),
        ] as [(UInt16, Int?, IdempotencyOutcome)])
    func ofHandler(status: UInt16, bytes: Int?, outcome: IdempotencyOutcome) {
        #expect(IdempotencyOutcome.ofHandler(Status(status), bytes: bytes) == outcome)
    }

    @Test(
        "no answer of the gateway's is kept, and after a timeout the key is free a while later",
        arguments: ErrorCode.allCases)
    func ofGateway(code: ErrorCode) {
        let expected: IdempotencyOutcome = code == .functionTimeout ? .releaseLater(5_000) : .release
        #expect(IdempotencyOutcome.ofGateway(APIError(code)) == expected)
    }

    @Test("what belongs to one request is not kept, and a replay says that it is one")
    func storedResponse() {
        let headers: HeaderList = [
            "content-type": "application/json", "X-Request-Id": "req_1", "date": "x", "set-cookie": "a=1",
            "set-cookie": "b=2", "access-control-allow-origin": "*", "ratelimit": "x", "ratelimit-policy": "x",
            "content-length": "2", "etag": "\"1\"", "idempotent-replayed": "false", "location": "/users/1", "vary": "x",
            "retry-after": "1", "access-control": "kept",
        ]
        let stored = StoredResponse(OutgoingResponse(status: .created, headers: headers, body: [1]))
        #expect(
            stored.headers == [
                "content-type": "application/json", "set-cookie": "a=1", "set-cookie": "b=2", "etag": "\"1\"",
                "location": "/users/1", "vary": "x", "retry-after": "1", "access-control": "kept",
            ])
        let replay = stored.replay()
        #expect(replay.status == .created && replay.body == [1])
        #expect(replay.headers.values("idempotent-replayed") == ["true"])
        #expect(replay.headers.values("set-cookie") == ["a=1", "b=2"])
    }
}
