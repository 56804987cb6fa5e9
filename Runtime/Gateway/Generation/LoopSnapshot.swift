import WireProtocol

/// What one event loop's requests use: the present generation, and a loop's own random numbers and scratch bytes.
///
/// Requests hold this object, one a loop and generation, and not the generation itself: its reference count is then
/// changed by one thread only. It has no lock: it is used on its event loop only.
final class LoopSnapshot: @unchecked Sendable {
    let generation: GatewayGeneration
    let clock: GatewayClock
    let observer: (any RequestObserver)?
    let health: (any HealthSource)?
    var random = FastRandom()
    /// The tokens that were verified for requests of this loop.
    var tokens = TokenMemory()
    /// What compresses this loop's answers, and what decompresses its requests' bodies.
    let gzip = GzipEncoder()
    let gunzip = GzipDecoder()
    var executor: any LoopHandoff { generation.services.executor }
    /// For text on its way into a header list; holds nothing between two uses.
    private var scratch: [UInt8] = []

    init(
        _ generation: GatewayGeneration, clock: GatewayClock, observer: (any RequestObserver)?,
        health: (any HealthSource)?
    ) {
        self.generation = generation
        self.clock = clock
        self.observer = observer
        self.health = health
        scratch.reserveCapacity(128)
    }

    /// A new request id for the present time.
    func makeRequestID() -> RequestID {
        // The initialiser of RequestID does the same by a generator that the compiler does not see through.
        .generated(high: clock.unixMilliseconds() << 16 | random.next() & 0xFFFF, low: random.next())
    }

    /// A trace that begins here.
    func makeTrace() -> TraceContext {
        TraceContext(
            traceHigh: random.next(), traceLow: random.next() | 1, parent: random.next() | 1, flags: 0)
    }

    /// Adds `X-Request-Id`.
    func append(_ id: RequestID, to headers: inout HeaderList) {
        scratch.removeAll(keepingCapacity: true)
        id.write(to: &scratch)
        scratch.withUnsafeBytes { _ = headers.append("x-request-id", $0) }
    }
}
