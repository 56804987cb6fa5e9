/// How one function differs between two manifests.
public struct FunctionDifference: Sendable, Equatable {
    /// What happened to it.
    public enum Kind: Sendable, Equatable {
        /// Only the new manifest has it.
        case added
        /// Only the old manifest has it.
        case removed
        /// Both have it, and these sides differ, in the order of `FunctionAspect`; never empty.
        case changed([FunctionAspect])
    }

    /// The function.
    public var name: FunctionName
    /// What happened to it.
    public var kind: Kind

    /// Makes a difference.
    public init(name: FunctionName, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Whether the new manifest needs a revision that the old one had not.
    public var makesRevision: Bool {
        switch kind {
        case .added: true
        case .removed: false
        case .changed(let aspects): aspects.contains(where: \.makesRevision)
        }
    }
}
