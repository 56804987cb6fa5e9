import Manifests
import Synchronization
import WireProtocol

@testable import Gateway

/// An authenticator with the memory of one event loop, at a time that stands.
final class AuthFixture {
    let authenticator: Authenticator
    let rule: AccessRule
    var memory = TokenMemory()
    var now = TokenMint.now * 1000
    private(set) var verifications = 0

    init(_ settings: AuthSettings?, _ rule: AuthRule = .required(), keySet: KeySetSource? = nil) {
        authenticator = Authenticator(
            settings, realm: "shop", keySet: keySet, unixMilliseconds: { TokenMint.now * 1000 })
        self.rule = authenticator.rule(rule)
    }

    convenience init(
        secret: String = TokenMint.secret, _ rule: AuthRule = .required(),
        _ change: (inout JWTSettings) -> Void = { _ in }
    ) {
        var settings = JWTSettings(keys: .secret(secret))
        change(&settings)
        self.init(AuthSettings(jwt: settings), rule)
    }

    /// What becomes of a request with these fields.
    func ask(_ headers: HeaderList, _ rule: AccessRule? = nil) async -> Result<Identity, Refusal> {
        do throws(Refusal) {
            switch try authenticator.decide(headers, rule ?? self.rule, memory: &memory, unixMilliseconds: now) {
            case .decided(let identity): return .success(identity)
            case .pending(let pending):
                verifications += 1
                let identity = try await verify(pending).get()
                try authenticator.admit(identity, pending, memory: &memory)
                return .success(identity)
            }
        } catch {
            return .failure(error)
        }
    }

    func ask(token: String, _ rule: AccessRule? = nil) async -> Result<Identity, Refusal> {
        await ask(["authorization": "Bearer " + token], rule)
    }

    /// Why a token is refused; nil for a good one.
    func reason(token: String) async -> RefusalReason? {
        if case .failure(let refusal) = await ask(token: token) { refusal.reason } else { nil }
    }

    private func verify(_ pending: PendingVerification) async -> Result<Identity, Refusal> {
        await withCheckedContinuation { continuation in
            authenticator.verify(pending) { continuation.resume(returning: $0) }
        }
    }
}

extension Result where Success == Identity, Failure == Refusal {
    var caller: Caller? { if case .success(let identity) = self { identity.caller } else { nil } }
    var reason: RefusalReason? { if case .failure(let refusal) = self { refusal.reason } else { nil } }
    var code: String? { if case .failure(let refusal) = self { refusal.error.code } else { nil } }
    var challenges: [String] {
        if case .failure(let refusal) = self { refusal.error.headers.values("www-authenticate") } else { [] }
    }
    var retryAfter: String? {
        if case .failure(let refusal) = self { refusal.error.headers.values("retry-after").first } else { nil }
    }
}
