/// An environment variable that a function needs is not there: add it to `env` in the manifest.
public struct MissingVariable: Error, Hashable, CustomStringConvertible {
    /// The variable's name.
    public let name: String

    /// The error for the variable of this name.
    public init(name: String) { self.name = name }

    /// What is wrong, as a sentence.
    public var description: String {
        "The environment variable \(name) is missing; add it to the function's env"
    }
}
