/// What a function may ask for with `uses`.
public enum Resource: String, Sendable, Hashable, CaseIterable {
    /// The manifest's database: its URLs and a share of its connections.
    case database
}
