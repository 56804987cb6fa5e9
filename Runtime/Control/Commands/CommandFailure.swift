/// Why a command could not do what it was asked: one sentence for a person; the command exits 1.
public struct CommandFailure: Error, CustomStringConvertible {
    /// What is wrong, where, and what to do instead.
    public let message: String

    /// A failure with this sentence.
    public init(_ message: String) { self.message = message }

    /// The sentence.
    public var description: String { message }
}
