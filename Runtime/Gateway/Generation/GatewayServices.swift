/// What the gateway uses beside its manifest, and what outlives one: event loops, buckets, kept answers, keys on disk.
public struct GatewayServices: Sendable {
    let executor: any LoopHandoff
    let rates: any RateStore
    let cache: ResponseCache
    let idempotency: (any IdempotencyStore)?
    let unixMilliseconds: @Sendable () -> UInt64
    let warn: @Sendable (String) -> Void

    /// The services of one gateway.
    ///
    /// - Parameters:
    ///   - executor: brings work back to the event loops.
    ///   - idempotency: where idempotency keys are kept; nil: nowhere, and no function of the manifest may ask for it.
    ///   - warn: takes what the log should say of keys that are left out.
    public init(
        executor: any LoopHandoff, idempotency: SQLiteIdempotencyStore? = nil,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(executor: executor, store: idempotency, warn: warn)
    }

    init(
        executor: any LoopHandoff, store: (any IdempotencyStore)?, rates: any RateStore = MemoryRateStore(),
        cache: ResponseCache = ResponseCache(),
        unixMilliseconds: @escaping @Sendable () -> UInt64 = GatewayClock.system.unixMilliseconds,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.executor = executor
        self.rates = rates
        self.cache = cache
        self.unixMilliseconds = unixMilliseconds
        self.warn = warn
        idempotency = store
    }
}
