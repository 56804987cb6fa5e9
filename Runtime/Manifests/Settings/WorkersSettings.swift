/// `workers`: the budget of all functions' workers together.
public struct WorkersSettings: Sendable, Equatable {
    /// Memory that they may use, by what they use and not by their limits; default 75 % of the machine's.
    public var memory: MemoryBudget = .share(0.75)
    /// Processes; default 64.
    public var max = 64
    /// User ids, one for each function, where the gateway runs as root; nil: none.
    public var uids: ClosedRange<Int>?

    /// Makes the default settings.
    public init() {}
}
