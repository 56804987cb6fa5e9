/// An amount of memory: a share of the machine's, or a size.
public enum MemoryBudget: Sendable, Equatable {
    /// A share of the machine's memory, above 0 and at most 1; written `75%`.
    case share(Double)
    /// A size; written `2GiB`.
    case bytes(ByteCount)
}
