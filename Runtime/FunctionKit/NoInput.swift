/// The input of a function that takes none: whatever a request brings is left unread.
public struct NoInput: Codable, Sendable, Hashable {
    /// Nothing.
    public init() {}
}
