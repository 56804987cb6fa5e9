/// Where a function stands in the table of the present generation; small and dense.
public struct FunctionID: Sendable, Hashable {
    /// The index.
    public let index: Int

    /// The function at this index.
    @inlinable
    public init(_ index: Int) { self.index = index }
}
