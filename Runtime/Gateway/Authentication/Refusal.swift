import WireProtocol

/// A caller is not let in: what the client is told, and why.
struct Refusal: Error, Sendable {
    /// What the client gets. It has no cause: a client's fault is not logged as an error.
    let error: APIError
    /// Why, for one line of the log and one counter.
    let reason: RefusalReason
    /// Who it is, where that is certain and only the right is missing: for the log.
    var identity: Identity?
}
