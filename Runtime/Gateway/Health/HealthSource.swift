/// What knows how the services are; asked on an event loop, so it answers at once, from what it found last.
public protocol HealthSource: AnyObject, Sendable {
    /// The services as they were found last; looks again, in the background, at most once in `health.every`.
    func snapshot() -> HealthSnapshot
    /// Whether new requests are welcome; false from the start of a shutdown on.
    var isReady: Bool { get }
}
