/// A function's `idempotency`: how a repeated request is recognised.
public struct IdempotencySettings: Sendable, Equatable {
    /// The header with the key; default `Idempotency-Key`.
    public var header: String
    /// How long the first response is kept (`for`); default 24 h.
    public var lifetime: Duration
    /// Whether a request without a key is refused; default false.
    public var required: Bool

    /// Makes the settings.
    public init(
        header: String = "Idempotency-Key", lifetime: Duration = .seconds(86_400), required: Bool = false
    ) {
        self.header = header
        self.lifetime = lifetime
        self.required = required
    }
}
