import Manifests
import Synchronization
import Testing
import WireProtocol

@testable import Gateway

@Suite("The line of tokens to be verified")
struct TokenVerifierTests {
    /// A door that jobs wait at.
    private final class Door: Sendable {
        private struct State {
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }
        private let state = Mutex(State())

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
        func add() { value.add(1, ordering: .relaxed) }
        func reaches(_ wanted: Int) async -> Bool {
            for _ in 0..<1_000_000 {
                if value.load(ordering: .relaxed) == wanted { return true }
                await Task.yield()
            }
            return false
        }
    }

    @Test("what is beyond the line is refused at once, and the line is worked off")
    func bounded() async {
        let verifier = TokenVerifier(waiting: 600, tasks: 2)
        let (door, started, ended) = (Door(), Counter(), Counter())
        let job: TokenVerifier.Job = {
            started.add()
            await door.wait()
            ended.add()
        }
        for _ in 0..<2 { #expect(verifier.submit(job)) }
        #expect(await started.reaches(2))
        for _ in 0..<600 { #expect(verifier.submit(job)) }
        #expect(!verifier.submit(job))
        #expect(started.value.load(ordering: .relaxed) == 2)
        door.open()
        #expect(await ended.reaches(602))
        #expect(verifier.submit(job))
        #expect(await ended.reaches(603))
    }

    @Test("a token that finds the line full gets 503 with Retry-After")
    func overloaded() async throws {
        let verifier = TokenVerifier(waiting: 0)
        let authenticator = Authenticator(
            AuthSettings(jwt: JWTSettings(keys: .secret(TokenMint.secret))), realm: "shop", verifier: verifier)
        var memory = TokenMemory()
        let headers: HeaderList = ["authorization": "Bearer " + TokenMint.hs256(TokenMint.claims())]
        let decision = try authenticator.decide(
            headers, authenticator.rule(.required()), memory: &memory, unixMilliseconds: TokenMint.now * 1000)
        guard case .pending(let pending) = decision else {
            Issue.record("the token was decided without a signature check")
            return
        }
        let outcome: Result<Identity, Refusal> = await withCheckedContinuation { continuation in
            authenticator.verify(pending) { continuation.resume(returning: $0) }
        }
        #expect(outcome.code == "OVERLOADED" && outcome.reason == .overloaded)
        #expect(outcome.retryAfter == "1")
    }

    @Test("without keys no token is called bad: 503")
    func noKeys() async {
        var jwt = JWTSettings(keys: .document("{}"), algorithms: [.hs256])
        jwt.issuer = nil
        let fixture = AuthFixture(AuthSettings(jwt: jwt))
        #expect(await fixture.ask(token: TokenMint.hs256(TokenMint.claims())).code == "AUTH_UNAVAILABLE")
    }

    @Test("many tokens at once are each judged by themselves")
    func many() async throws {
        let authenticator = Authenticator(
            AuthSettings(jwt: JWTSettings(keys: .secret(TokenMint.secret))), realm: "shop",
            unixMilliseconds: { TokenMint.now * 1000 })
        let rule = authenticator.rule(.required())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let secret = number % 2 == 0 ? TokenMint.secret : String(TokenMint.secret.reversed())
                    let token = TokenMint.hs256(TokenMint.claims(#""sub":\#(number)"#), secret: secret)
                    var memory = TokenMemory(entries: 4)
                    guard
                        case .pending(let pending)? = try? authenticator.decide(
                            ["authorization": "Bearer " + token], rule, memory: &memory,
                            unixMilliseconds: TokenMint.now * 1000)
                    else {
                        Issue.record("not pending")
                        return
                    }
                    let outcome: Result<Identity, Refusal> = await withCheckedContinuation { continuation in
                        authenticator.verify(pending) { continuation.resume(returning: $0) }
                    }
                    #expect(outcome.caller?.id == (number % 2 == 0 ? "\(number)" : nil))
                    #expect(outcome.reason == (number % 2 == 0 ? nil : .signature))
                }
            }
        }
    }
}
