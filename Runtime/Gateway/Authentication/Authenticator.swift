import Manifests
import WireProtocol

/// Finds out who calls, by one manifest's `auth`; never changes.
///
/// On an event loop: `decide`; for a token that is not remembered `verify`, which calls back on another thread; then, on
/// the loop again, `admit`. A remembered token, an API key and nobody at all are decided at once.
final class Authenticator: Sendable {
    /// What is known of a caller at once.
    enum Decision: Sendable {
        /// The caller, who may call the function.
        case decided(Identity)
        /// A token whose signature must be verified.
        case pending(PendingVerification)
    }

    private enum Keys: Sendable {
        case none
        case written(KeySet)
        case fetched(KeySetSource)
    }

    private let settings: AuthSettings?
    private let realm: String
    private let reader: CredentialReader
    private let apiKeys: APIKeyTable
    private let algorithms: [JWTAlgorithm]
    private let rules: TokenRules?
    private let keys: Keys
    private let verifier: TokenVerifier
    private let time: @Sendable () -> UInt64

    /// - Parameters:
    ///   - settings: the manifest's `auth`; nil: it has none.
    ///   - realm: the manifest's name.
    ///   - keySet: the key set, where the settings have a URL.
    ///   - verifier: what verifies signatures.
    ///   - unixMilliseconds: the time of day; asked when a signature has been verified.
    ///   - log: takes warnings about keys that are left out, and about there being none.
    init(
        _ settings: AuthSettings?, realm: String, keySet: KeySetSource? = nil,
        verifier: TokenVerifier = TokenVerifier(),
        unixMilliseconds: @escaping @Sendable () -> UInt64 = GatewayClock.system.unixMilliseconds,
        log: (String) -> Void = { _ in }
    ) {
        self.settings = settings
        self.realm = realm
        self.verifier = verifier
        time = unixMilliseconds
        reader = CredentialReader(keyHeader: Array((settings?.apiKeys?.header ?? "").lowercased().utf8))
        apiKeys = APIKeyTable(settings?.apiKeys)
        algorithms = settings?.jwt?.algorithms ?? []
        rules = settings?.jwt.map(TokenRules.init)
        keys = Self.keys(settings?.jwt, keySet, log)
    }

    /// Why the keys beside the manifest cannot be used; nil where they can, or come from a URL.
    static func problem(in settings: JWTSettings) -> String? {
        do throws(KeySet.Fault) {
            _ = try KeySet.written(settings)
            return nil
        } catch {
            return error.sentence
        }
    }

    private static func keys(_ settings: JWTSettings?, _ source: KeySetSource?, _ log: (String) -> Void) -> Keys {
        guard let settings else { return .none }
        do throws(KeySet.Fault) {
            guard let set = try KeySet.written(settings) else { return source.map(Keys.fetched) ?? .none }
            for reason in set.skipped { log("The key set has something that is not used: \(reason)") }
            return .written(set)
        } catch {
            log("No token can be verified: \(error.sentence)")
            return .none
        }
    }

    /// A function's rule, with its answers made beforehand.
    func rule(_ rule: AuthRule) -> AccessRule { AccessRule(rule, settings, realm: realm) }

    /// Decides by the header fields. Costs no signature check; not a word of the request is believed before one.
    ///
    /// - Throws: 400 for two credentials; 401 for none where one is asked for, and for a bad one; 403 for a missing role
    ///   or scope.
    func decide(
        _ headers: HeaderList, _ rule: AccessRule, memory: inout TokenMemory, unixMilliseconds now: UInt64
    ) throws(Refusal) -> Decision {
        if rule.demand == .none { return .decided(.anonymous) }
        switch reader.read(headers) {
        case .none:
            guard rule.demand == .optional else { throw rule.refusal(.noCredential) }
            return .decided(.anonymous)
        case .two: throw rule.refusal(.twoCredentials)
        case .otherScheme: throw rule.refusal(.otherScheme)
        case .empty: throw rule.refusal(.emptyToken)
        case .apiKey(let range):
            guard rule.takesKeys else { throw rule.refusal(.notTaken) }
            let identity = try find(range, in: headers, rule, now)
            try rule.authorize(identity)
            return .decided(identity)
        case .bearer(let range):
            guard rule.takesTokens else { throw rule.refusal(.notTaken) }
            let epoch = epoch
            memory.keepOnly(epoch: epoch)
            // Nobody is known by keys that are too old.
            if isUsable, let known = Self.find(range, in: headers, &memory, now) {
                try rule.authorize(known)
                return .decided(known)
            }
            return .pending(try preflight(Array(headers.packed[range]), rule, epoch, now))
        }
    }

    /// Verifies a token's signature, after a fetch of the key set where its key is not known. `completion` is called
    /// once: at once, or on another thread.
    func verify(
        _ pending: PendingVerification, completion: @escaping @Sendable (Result<Identity, Refusal>) -> Void
    ) {
        switch keys {
        case .none: completion(.failure(pending.rule.refusal(.keysUnavailable, retryAfter: 60)))
        case .written(let set):
            switch set.find(id: pending.token.keyID, algorithm: pending.token.algorithm) {
            case .keys(let found): submit(pending, found, completion)
            case .unknownID: completion(.failure(pending.rule.refusal(.unknownKey)))
            case .unsuited: completion(.failure(pending.rule.refusal(.algorithm)))
            }
        case .fetched(let source):
            source.find(keyID: pending.token.keyID, algorithm: pending.token.algorithm) { [self] answer in
                switch answer {
                case .keys(let found): submit(pending, found, completion)
                case .refused(let reason): completion(.failure(pending.rule.refusal(reason)))
                case .unavailable(let seconds):
                    completion(.failure(pending.rule.refusal(.keysUnavailable, retryAfter: seconds)))
                case .wait: completion(.failure(pending.rule.refusal(.keysUnavailable)))
                }
            }
        }
    }

    /// Remembers a caller whose token has been verified and lets it in, or not.
    ///
    /// - Throws: 403 for a missing role or scope; the token is remembered all the same.
    func admit(_ identity: Identity, _ pending: PendingVerification, memory: inout TokenMemory) throws(Refusal) {
        // By keys that are no longer there it is good for this request only.
        if pending.epoch == epoch {
            memory.keepOnly(epoch: pending.epoch)
            memory.store(pending.token.bytes, identity)
        }
        try pending.rule.authorize(identity)
    }

    private var epoch: UInt64 {
        if case .fetched(let source) = keys { source.epoch } else { 0 }
    }

    private var isUsable: Bool {
        if case .fetched(let source) = keys { source.isUsable } else { true }
    }

    private static func find(
        _ range: Range<Int>, in headers: HeaderList, _ memory: inout TokenMemory, _ now: UInt64
    ) -> Identity? {
        headers.packed.withUnsafeBytes { memory.find($0.part(range), unixMilliseconds: now) }
    }

    private func find(
        _ range: Range<Int>, in headers: HeaderList, _ rule: AccessRule, _ now: UInt64
    ) throws(Refusal) -> Identity {
        switch headers.packed.withUnsafeBytes({ apiKeys.find($0.part(range), unixMilliseconds: now) }) {
        case .success(let identity): return identity
        case .failure(let reason): throw rule.refusal(reason)
        }
    }

    /// All that can be refused without a signature check is refused here.
    private func preflight(
        _ token: [UInt8], _ rule: AccessRule, _ epoch: UInt64, _ now: UInt64
    ) throws(Refusal) -> PendingVerification {
        guard let rules else { throw rule.refusal(.notTaken) }
        do throws(RefusalReason) {
            let token = try SignedToken(token, allowed: algorithms)
            _ = try rules.check(token.payload, unixMilliseconds: now)
            return PendingVerification(token: token, rule: rule, epoch: epoch)
        } catch {
            throw rule.refusal(error)
        }
    }

    private func submit(
        _ pending: PendingVerification, _ found: [VerificationKey],
        _ completion: @escaping @Sendable (Result<Identity, Refusal>) -> Void
    ) {
        let isTaken = verifier.submit { [self] in
            var isSigned = false
            for key in found where !isSigned {
                isSigned = await key.isValid(
                    pending.token.signature, over: pending.token.signed, by: pending.token.algorithm)
            }
            completion(isSigned ? identity(pending) : .failure(pending.rule.refusal(.signature)))
        }
        if !isTaken { completion(.failure(pending.rule.refusal(.overloaded))) }
    }

    /// The caller of a token whose signature is good. The claims are read anew, from the bytes that were verified.
    private func identity(_ pending: PendingVerification) -> Result<Identity, Refusal> {
        guard let rules else { return .failure(pending.rule.refusal(.notTaken)) }
        do throws(RefusalReason) {
            let (claims, expires) = try rules.check(pending.token.payload, unixMilliseconds: time())
            let caller = try rules.caller(claims, payload: pending.token.payload)
            return .success(Identity(caller, credential: .jwt, expires: expires))
        } catch {
            return .failure(pending.rule.refusal(error))
        }
    }
}
