/// A function's `scale`: how many workers there are, and how long requests wait for one.
public struct ScaleSettings: Sendable, Equatable {
    /// Workers that are always kept; default 0.
    public var min = 0
    /// Workers at most; default 8.
    public var max = 8
    /// Requests in flight in one worker at most; default 16.
    public var concurrency = 16
    /// The share of `concurrency` that is filled before another worker is wanted; above 0 to 1, default 0.7.
    public var target = 0.7
    /// How long a worker without requests is kept; default 60 s.
    public var idle: Duration = .seconds(60)
    /// Requests that wait at most; default 100.
    public var queue = 100
    /// How long a request waits at most; default 5 s.
    public var wait: Duration = .seconds(5)
    /// The window over which load is looked at before workers leave; default 60 s.
    public var stable: Duration = .seconds(60)
    /// Requests after which a worker is replaced; nil, the default: never.
    public var requests: Int?

    /// Makes the default settings.
    public init() {}
}
