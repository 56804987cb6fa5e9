import WireProtocol

/// What a function's workers are started with: the program, its environment and its limits.
public struct WorkerSpecification: Sendable, Equatable {
    /// The function's name; in SETUP, in the log and in metrics.
    public var function: String
    /// The revision, as SETUP says it; empty for none.
    public var revision: String
    /// The program: an absolute path.
    public var executable: String
    /// What the program is called with, its own name first.
    public var arguments: [String]
    /// The whole environment; nothing else leaks in.
    public var environment: [String: String]
    /// The working directory; nil stays in the gateway's.
    public var directory: String?
    /// Open descriptors of one worker at most; default 256, 0 for the gateway's own limit.
    public var files: Int
    /// How lists are paged; nil where the manifest has no `page`.
    public var page: WireProtocol.PageSettings?
    /// Whether its workers have part in the budget of database connections; default false.
    public var usesDatabase: Bool

    /// A specification; see the properties. Without arguments the program is called with its own name.
    public init(
        function: String, revision: String = "", executable: String, arguments: [String] = [],
        environment: [String: String] = [:], directory: String? = nil, files: Int = 256,
        page: WireProtocol.PageSettings? = nil, usesDatabase: Bool = false
    ) {
        self.function = function
        self.revision = revision
        self.executable = executable
        self.arguments = arguments.isEmpty ? [executable] : arguments
        self.environment = environment
        self.directory = directory
        self.files = files
        self.page = page
        self.usesDatabase = usesDatabase
    }
}
