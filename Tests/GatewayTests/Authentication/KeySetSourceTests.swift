import Manifests
import Synchronization
import Testing
import WireProtocol

@testable import Gateway

@Suite("Tokens of an issuer whose keys are fetched")
struct KeySetSourceTests {
    /// Keeps fetches until the test answers them.
    private final class Fetcher: KeySetFetcher {
        struct Down: Error {}
        private let open = Mutex<[@Sendable (Result<FetchedKeySet, any Error>) -> Void]>([])
        private let total = Mutex(0)
        private let answer = Mutex<String?>(nil)

        var count: Int { total.withLock { $0 } }

        /// From now on fetches end at once: with this set, or by failing. Those that wait do too.
        func serve(_ set: String?) {
            answer.withLock { $0 = set }
            for completion in open.withLock({ open in
                defer { open = [] }
                return open
            }) { end(completion) }
        }

        func fetch(_ url: String, completion: @escaping @Sendable (Result<FetchedKeySet, any Error>) -> Void) {
            #expect(url == "https://issuer.example/keys")
            total.withLock { $0 += 1 }
            if isHolding { open.withLock { $0.append(completion) } } else { end(completion) }
        }

        private let holding = Atomic<Bool>(false)
        var isHolding: Bool { holding.load(ordering: .relaxed) }
        func hold() { holding.store(true, ordering: .relaxed) }
        func release(_ set: String?) {
            holding.store(false, ordering: .relaxed)
            serve(set)
        }

        private func end(_ completion: @Sendable (Result<FetchedKeySet, any Error>) -> Void) {
            switch answer.withLock({ $0 }) {
            case nil: completion(.failure(Down()))
            case let set?: completion(.success(FetchedKeySet(body: Array(set.utf8))))
            }
        }
    }

    private final class Seconds: Sendable {
        let now = Atomic<UInt64>(1000)
        func advance(_ seconds: UInt64) { now.add(seconds, ordering: .relaxed) }
    }

    private let fetcher = Fetcher()
    private let seconds = Seconds()
    private let source: KeySetSource
    private let fixture: AuthFixture
    private let lines = Lines()

    private final class Lines: Sendable {
        let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock { $0 } }
    }

    init() {
        let (seconds, lines) = (seconds, lines)
        source = KeySetSource(
            url: "https://issuer.example/keys", algorithms: [.es256], fetcher: fetcher,
            clock: { seconds.now.load(ordering: .relaxed) * KeySetMachine.second },
            log: { line in lines.texts.withLock { $0.append(line) } })
        var jwt = JWTSettings(keys: .url("https://issuer.example/keys"), algorithms: [.es256])
        jwt.issuer = "me"
        jwt.audience = ["shop"]
        fixture = AuthFixture(AuthSettings(jwt: jwt), keySet: source)
    }

    private func token(_ kid: String) async throws -> String {
        try TokenMint.signed(
            #"{"alg":"ES256","kid":"\#(kid)"}"#, TokenMint.claims(#""sub":"42","iss":"me","aud":"shop""#),
            try await TestKeys.shared.get().signer(.es256))
    }

    private func set(_ ids: String...) throws -> String {
        try TestKeys.shared.get().set(ids.map { (.es256, $0) })
    }

    @Test("a token is verified by the fetched keys, and then remembered")
    func served() async throws {
        fetcher.serve(try set("a"))
        source.tick()
        #expect(fetcher.count == 1)
        let token = try await token("a")
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(fixture.verifications == 1 && fetcher.count == 1)
    }

    @Test("the first token waits for the first fetch")
    func waiting() async throws {
        fetcher.hold()
        let token = try await token("a")
        let (set, fetcher) = (try set("a"), fetcher)
        async let release: Void = {
            while fetcher.count == 0 { await Task.yield() }
            fetcher.release(set)
        }()
        #expect(await fixture.ask(token: token).caller?.id == "42")
        await release
        #expect(fetcher.count == 1)
    }

    @Test("while the issuer is away: 200 for an hour, then 503 with Retry-After, remembered or not; then 200 again")
    func away() async throws {
        fetcher.serve(try set("a"))
        source.tick()
        let (known, fresh) = (try await token("a"), try await token("a"))
        #expect(await fixture.ask(token: known).caller?.id == "42")
        fetcher.serve(nil)
        for _ in 0..<59 {
            seconds.advance(60)
            source.tick()
            #expect(await fixture.ask(token: known).caller?.id == "42")
        }
        #expect(await fixture.ask(token: fresh).caller?.id == "42")
        seconds.advance(60)
        source.tick()
        for token in [known, fresh, try await token("b")] {
            let outcome = await fixture.ask(token: token)
            #expect(outcome.code == "AUTH_UNAVAILABLE" && outcome.reason == .keysUnavailable)
            #expect(outcome.retryAfter.flatMap { Int($0) }.map { (1...30).contains($0) } == true)
            #expect(outcome.challenges.isEmpty)
        }
        // What needs no key is decided as ever.
        #expect(await fixture.ask([:]).code == "NO_TOKEN")
        #expect(await fixture.reason(token: "abc") == .malformed)
        fetcher.serve(try set("a"))
        seconds.advance(30)
        source.tick()
        #expect(await fixture.ask(token: known).caller?.id == "42")
    }

    @Test("with no set at all: 503, never 200 and never 401")
    func never() async throws {
        source.tick()
        let outcome = await fixture.ask(token: try await token("a"))
        #expect(outcome.code == "AUTH_UNAVAILABLE")
        #expect(outcome.retryAfter == "1")
    }

    @Test("when the issuer takes a key away, tokens of that key are refused, remembered or not")
    func withdrawn() async throws {
        fetcher.serve(try set("a"))
        source.tick()
        let token = try await token("a")
        #expect(await fixture.ask(token: token).caller?.id == "42")
        fetcher.serve(try set("b"))
        seconds.advance(540)
        source.tick()
        #expect(await fixture.reason(token: token) == .unknownKey)
        #expect(fixture.memory.count == 0)
    }

    @Test("the same set again makes nobody be verified again")
    func unchanged() async throws {
        fetcher.serve(try set("a"))
        source.tick()
        let token = try await token("a")
        _ = await fixture.ask(token: token)
        seconds.advance(540)
        source.tick()
        #expect(fetcher.count == 2)
        #expect(await fixture.ask(token: token).caller?.id == "42")
        #expect(fixture.verifications == 1)
    }

    @Test(
        "a set that is none, is empty or is too long leaves the last good one in place, and is in the log",
        arguments: ["<html>", #"{"keys":[]}"#, "{\"keys\":[]}" + String(repeating: " ", count: 10 << 20)])
    func bad(_ set: String) async throws {
        fetcher.serve(try self.set("a"))
        source.tick()
        fetcher.serve(set)
        seconds.advance(540)
        source.tick()
        #expect(await fixture.ask(token: try await token("a")).caller?.id == "42")
        #expect(lines.all.count == 1)
        #expect(lines.all.allSatisfy { !$0.contains("issuer.example") })
    }
}
