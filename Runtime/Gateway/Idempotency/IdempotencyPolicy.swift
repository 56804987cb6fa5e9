import Manifests
import WireProtocol

/// A function's `idempotency` in the form that costs nothing to read (contract 3.7).
///
/// A function without the key has no policy, and its requests pay nothing. `key` is asked once the caller is known, before
/// the body is read; `claim` once the body is whole and valid.
struct IdempotencyPolicy: Sendable {
    /// The header's name as the manifest has it, for sentences.
    let header: String
    /// The header's name in lower case.
    let name: [UInt8]
    /// Whether a request without a key is refused.
    let isRequired: Bool
    /// How long a response is kept, in milliseconds: at least 1.
    let lifetimeMilliseconds: UInt64
    private let function: String

    /// The policy of a function.
    init(_ settings: IdempotencySettings, function: FunctionName) {
        header = settings.header
        name = Array(settings.header.lowercased().utf8)
        isRequired = settings.required
        self.function = function.rawValue
        let (seconds, attoseconds) = settings.lifetime.components
        let (whole, isOver) = UInt64(max(0, seconds)).multipliedReportingOverflow(by: 1000)
        // A hundred years and more are for ever.
        lifetimeMilliseconds =
            isOver
            ? Self.longest
            : min(
                Self.longest, max(1, whole &+ UInt64(max(0, attoseconds) / 1_000_000_000_000_000)))
    }

    /// A hundred years.
    private static let longest: UInt64 = 100 * 365 * 86_400_000

    /// The record that the request's key names; nil where it has no key and needs none.
    ///
    /// A key is one caller's alone. An anonymous request (`auth: optional`) cannot be told from another one's, so its key
    /// is refused: neither is it shared by all who are anonymous, nor is it passed over, which would let the client believe
    /// that repeating is safe.
    ///
    /// - Parameters:
    ///   - headers: the request's.
    ///   - id: the caller's id; nil for an anonymous one.
    ///   - kind: how the caller proved it.
    /// - Throws: `IDEMPOTENCY_KEY_REQUIRED`, or `BAD_REQUEST` for what is no key and for a key without a caller.
    func key(
        in headers: HeaderList, caller id: String?, by kind: CredentialKind?
    ) throws(APIError) -> ScopedKey? {
        let key: IdempotencyKey?
        do {
            key = try IdempotencyKey.find(name, in: headers)
        } catch {
            throw .badRequest(error.sentence(header))
        }
        guard let key else {
            guard isRequired else { return nil }
            let article = "AEIOUaeiou".contains(header.first ?? " ") ? "An" : "A"
            throw APIError(.idempotencyKeyRequired, "\(article) \(header) header is required")
        }
        guard let kind else { throw .badRequest("The \(header) header needs a caller: send an access token with it") }
        guard let id else { throw .badRequest("The \(header) header needs a caller with an id: the token names none") }
        return ScopedKey(key, function: function, caller: id, by: kind)
    }

    /// What the request holds on to; `body` is whole, as the handler gets it.
    func claim(_ scope: ScopedKey, _ request: borrowing IncomingRequest, body: [UInt8]) -> IdempotencyClaim {
        IdempotencyClaim(
            scope: scope, fingerprint: RequestFingerprint(request, body: body),
            lifetimeMilliseconds: lifetimeMilliseconds)
    }
}
