// Manifests: from YAML text to a typed, checked and resolved manifest, or to every problem of it at once.
//
// It knows: YAML, the keys of schema version 1 (KeyTable), their types, defaults and rules, the environment
// and `.env`, and how two manifests differ. It must not know: HTTP serving, workers, processes, whether an
// executable exists or a database answers. It reads the manifest, `.env` and the files these name, nothing
// else, and it is the only module that sees the YAML parser.

/// A whole manifest: checked, with defaults merged and the environment filled in.
public struct Manifest: Sendable, Equatable {
    /// The API's name: 1 to 64 letters, digits, `.`, `_` and `-`; the realm of `WWW-Authenticate`.
    public var name: String
    /// The absolute path of the folder that the manifest is in.
    public var directory: String
    /// The absolute path of the manifest.
    public var path: String
    /// The absolute path of the folder of the functions' programs; default `.build/release`.
    public var executables: String
    /// Signs cursors; nil where it is absent or empty: then it is made once and kept under `.swiftlet/`.
    public var secret: String?
    /// The front door.
    public var server = ServerSettings()
    /// How versions are chosen; filled with its defaults where the manifest says nothing.
    public var versions: VersionSettings? = VersionSettings()
    /// How callers prove who they are; nil: no function can ask for one.
    public var auth: AuthSettings?
    /// Limits in one bucket over all functions; none by default.
    public var rate: [RateRule] = []
    /// Cross-origin access; nil: off.
    public var cors: CORSSettings?
    /// Compression of answers; nil: off.
    public var compression: CompressionSettings?
    /// Where the OpenAPI description is served; nil: nowhere.
    public var openapi: OpenAPISettings?
    /// The log.
    public var log = LogSettings()
    /// What `/health` looks at.
    public var health = HealthSettings()
    /// The database of functions with `uses: [database]`; nil: none.
    public var database: DatabaseSettings?
    /// The budget of all workers together.
    public var workers = WorkersSettings()
    /// When a change of the manifest is applied.
    public var deploy = DeploySettings()
    /// The functions, in the file's order, with `defaults` merged.
    public var functions: [FunctionSettings]

    /// Makes a manifest with default settings; `executables` defaults to `.build/release` in the folder.
    public init(
        name: String, directory: String, path: String? = nil, executables: String? = nil,
        functions: [FunctionSettings] = []
    ) {
        self.name = name
        self.directory = directory
        self.path = path ?? directory + "/manifest.yaml"
        self.executables = executables ?? directory + "/.build/release"
        self.functions = functions
    }

    /// The function of that name.
    public func function(_ name: FunctionName) -> FunctionSettings? {
        functions.first { $0.name == name }
    }
}
