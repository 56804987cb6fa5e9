/// Where keys and their responses are kept.
///
/// Nothing here blocks: what is asked for is queued, and the completion is called once it is durable, on a thread of the
/// store's; a refusal may come before the call returns. Times are milliseconds since 1970. For each `run` exactly one of
/// `finish`, `release` and `abandon` must follow; without, the key is taken for as long as the process lives.
public protocol IdempotencyStore: AnyObject, Sendable {
    /// Takes the key for a request, or says why not.
    func begin(
        _ claim: IdempotencyClaim, unixMilliseconds: UInt64,
        completion: @escaping @Sendable (IdempotencyDecision) -> Void)

    /// Keeps the response, for the claim's lifetime from now; the client is answered afterwards, whatever was told.
    ///
    /// False: it could not be kept. Repeated requests are then told that the outcome is not known.
    func finish(
        _ claim: IdempotencyClaim, _ response: StoredResponse, unixMilliseconds: UInt64,
        completion: @escaping @Sendable (Bool) -> Void)

    /// Frees the key, at once or so many milliseconds later; nobody needs to wait for it.
    func release(_ claim: IdempotencyClaim, afterMilliseconds: UInt64, unixMilliseconds: UInt64)

    /// Marks the key as one whose outcome is not known: the handler may have had its effect, and nobody will hear of it.
    func abandon(_ claim: IdempotencyClaim)
}
