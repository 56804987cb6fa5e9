/// How a pool of one function's workers behaves: the manifest's `scale`, `timeout` and `retry`, and fixed times.
public struct PoolSettings: Sendable, Equatable {
    /// Workers that are always kept; default 0.
    public var min = 0
    /// Workers that may take requests at most, starting ones counted; default 8. While as many are being ended there
    /// may be twice as many processes for a moment.
    public var max = 8
    /// Requests in flight in one worker at most; default 16.
    public var concurrency = 16
    /// The share of `concurrency` that is filled before another worker is wanted; default 0.7.
    public var target = 0.7
    /// How long a worker without requests is kept; default 60 s.
    public var idle: Duration = .seconds(60)
    /// Requests that wait for a worker at most; default 100. A function with no worker always holds one.
    public var queue = 100
    /// How long a request waits for a worker at most; default 5 s.
    public var wait: Duration = .seconds(5)
    /// From hand-over to a worker to the whole answer; default 10 s.
    public var timeout: Duration = .seconds(10)
    /// Whether a GET or HEAD whose worker died is tried once more; default true.
    public var retry = true
    /// How long a worker may take from spawn to READY; default 10 s.
    public var start: Duration = .seconds(10)
    /// How long a worker may take to answer a ping after a deadline has passed before it counts as stuck; 100 ms.
    public var probe: Duration = .milliseconds(100)
    /// How long the requests of a stuck worker may still wait for it, and for how long half of a worker's places may be
    /// taken by cancelled ones that go on beyond their deadlines before it is replaced; 2 s.
    public var stuck: Duration = .seconds(2)
    /// How long a worker that was asked to end may take before SIGTERM; 2 s.
    public var goodbye: Duration = .seconds(2)
    /// Workers of this pool that start at once; default 2, to be set to two a core.
    public var startsAtOnce = 2

    /// The default settings.
    public init() {}
}
