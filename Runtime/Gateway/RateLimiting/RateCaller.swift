/// Who calls, for rules by caller and by API key.
enum RateCaller: Sendable {
    /// Nobody in particular: rules by caller count the client, rules by key count nothing.
    case anonymous
    /// The subject of a token; rules by key do not count it.
    case token(id: String)
    /// The holder of the API key of this name. A token with the same id is somebody else.
    case key(name: String)
}
