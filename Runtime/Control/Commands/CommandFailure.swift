/// Why a command could not do what it was asked: one sentence for a person; the command exits 1, or 2 for wrong usage.
public struct CommandFailure: Error, CustomStringConvertible {
    /// What is wrong, where, and what to do instead.
    public let message: String
    /// Whether the command was written wrongly, so that the same words can never succeed with this manifest.
    public let isUsage: Bool

    /// A failure with this sentence.
    public init(_ message: String, isUsage: Bool = false) {
        self.message = message
        self.isUsage = isUsage
    }

    /// A command that was written wrongly, in this sentence.
    static func usage(_ message: String) -> CommandFailure { CommandFailure(message, isUsage: true) }

    /// The sentence.
    public var description: String { message }
}
