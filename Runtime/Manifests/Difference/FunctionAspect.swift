/// One side of a function that can change.
public enum FunctionAspect: String, Sendable, Hashable, CaseIterable {
    /// `route`, `routes`.
    case routes
    /// `version`.
    case version
    /// `run` and where its program is.
    case executable
    /// `env`, `uses`, and the database's URLs where it is used.
    case environment
    /// `memory`, `processes`, `files`.
    case limits
    /// `allow`, `sandbox`.
    case sandbox
    /// `auth`.
    case auth
    /// `rate`.
    case rate
    /// `page`.
    case page
    /// `input`, `output`, `summary`, `tags`, `errors`.
    case interface
    /// `cache`.
    case cache
    /// `idempotency`.
    case idempotency
    /// `timeout`, `body`, `retry`, `stream`.
    case handling
    /// `scale`.
    case scale
    /// `smoke`, `traffic`, `rollback`.
    case deployment

    /// Whether a change of it needs new workers, so a new revision; policies and scaling do not.
    public var makesRevision: Bool {
        switch self {
        case .executable, .environment, .limits, .sandbox: true
        default: false
        }
    }
}
