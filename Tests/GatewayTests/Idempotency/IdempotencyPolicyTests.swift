import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("What a function says of keys")
struct IdempotencyPolicyTests {
    private static func policy(
        required: Bool = false, header: String = "Idempotency-Key", lifetime: Duration = .seconds(60)
    ) -> IdempotencyPolicy {
        IdempotencyPolicy(
            IdempotencySettings(header: header, lifetime: lifetime, required: required),
            function: FunctionName(rawValue: "CreateUser"))
    }

    @Test("a request without a key goes on, unless one is required")
    func absent() throws {
        #expect(try Self.policy().key(in: [:], caller: "42", by: .jwt) == nil)
        #expect(try Self.policy().key(in: [:], caller: nil, by: nil) == nil)
        #expect(throws: APIError(.idempotencyKeyRequired, "An Idempotency-Key header is required")) {
            try Self.policy(required: true).key(in: [:], caller: "42", by: .jwt)
        }
        #expect(throws: APIError(.idempotencyKeyRequired, "A X-Once header is required")) {
            try Self.policy(required: true, header: "X-Once").key(in: [:], caller: "42", by: .jwt)
        }
    }

    @Test("the header's name is the manifest's, in any letter case")
    func name() throws {
        let policy = Self.policy(header: "X-Once")
        #expect(try policy.key(in: ["x-once": "k"], caller: "42", by: .jwt) != nil)
        #expect(try policy.key(in: ["idempotency-key": "k"], caller: "42", by: .jwt) == nil)
    }

    @Test(
        "a malformed key is BAD_REQUEST in a sentence that names the header and repeats nothing of the value",
        arguments: ["", "sécret", "\"secret", String(repeating: "secret", count: 50)])
    func malformed(value: String) throws {
        let error = #expect(throws: APIError.self) {
            try Self.policy(header: "X-Once").key(in: ["x-once": value], caller: "42", by: .jwt)
        }
        #expect(error?.code == "BAD_REQUEST" && error?.status == Status(400))
        #expect(error?.message.contains("X-Once") == true && error?.message.contains("cret") == false)
    }

    @Test("an anonymous request's key is refused, never shared and never passed over")
    func anonymous() {
        let nobody = APIError.badRequest("The Idempotency-Key header needs a caller: send an access token with it")
        #expect(throws: nobody) {
            try Self.policy().key(in: ["idempotency-key": "k"], caller: nil, by: nil)
        }
        let nameless = APIError.badRequest(
            "The Idempotency-Key header needs a caller with an id: the token names none")
        #expect(throws: nameless) {
            try Self.policy().key(in: ["idempotency-key": "k"], caller: nil, by: .jwt)
        }
    }

    @Test(
        "a lifetime is whole milliseconds, at least one and at most a hundred years",
        arguments: [
            (.seconds(86_400), 86_400_000), (.milliseconds(500), 500), (.zero, 1), (.microseconds(10), 1),
            (.seconds(Int64.max), 3_153_600_000_000), (.seconds(-5), 1),
        ] as [(Duration, UInt64)])
    func lifetimes(lifetime: Duration, milliseconds: UInt64) {
        #expect(Self.policy(lifetime: lifetime).lifetimeMilliseconds == milliseconds)
    }

    @Test("a claim holds the record's name, the fingerprint and the lifetime")
    func claim() throws {
        let policy = Self.policy()
        let scope = try #require(try policy.key(in: ["idempotency-key": "k"], caller: "42", by: .apiKey))
        let request = IncomingRequest(method: .post, path: Array("/users".utf8))
        let claim = policy.claim(scope, request, body: [1])
        #expect(claim.scope == scope && claim.fingerprint == RequestFingerprint(request, body: [1]))
        #expect(claim.lifetimeMilliseconds == 60_000)
    }
}
