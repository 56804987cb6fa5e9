/// Why no workers can be run at all.
public struct WorkerHostFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reason as a sentence.
    public var message: String
    /// The reason as a sentence.
    public var description: String { message }
}
