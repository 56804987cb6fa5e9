/// One request that a new revision must answer before it serves.
public struct SmokeCheck: Sendable, Equatable {
    /// The path with its query, beginning with a slash.
    public var path: String
    /// The status it must answer with; default 200.
    public var status: Int

    /// Makes a check.
    public init(path: String, status: Int = 200) {
        self.path = path
        self.status = status
    }
}
