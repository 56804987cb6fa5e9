import WireProtocol

/// What an exchange remembers of bodies that pass through it part by part. Used on its event loop only.
final class PassingBodies {
    /// Where the request's body goes.
    var upload: (any InvocationFlow)?
    /// How many bytes of it may still be sent.
    var room = 0
    /// Whether some of it was sent.
    var hasSent = false

    /// Where the reply's body comes from.
    var download: (any InvocationFlow)?
    /// The status that was sent.
    var status = Status.ok
    /// Bytes of the reply's body so far.
    var bytes = 0
    /// Bytes that wait for the client.
    var held = 0
    var worker: WorkerStamp?
    /// The reply as it is kept for its idempotency key, so far; nil: it is not kept.
    var kept: StoredResponse?
}
