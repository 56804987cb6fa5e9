/// One function of the manifest, with `defaults` merged and every default filled in.
public struct FunctionSettings: Sendable, Equatable {
    /// The manifest's key.
    public var name: FunctionName
    /// The routes that lead to it; at least one.
    public var routes: [RoutePattern]
    /// The version that it belongs to; default `versions.default`.
    public var version: String
    /// The program; default the executable of the function's name.
    public var run: RunSettings
    /// Who may call it; default a caller with a good credential.
    public var auth: AuthRule = .required()
    /// Its own limits; none by default.
    public var rate: [RateRule] = []
    /// How answers are paged; nil: not.
    public var page: PageSettings?
    /// What requests must look like.
    public var input = InputSchemas()
    /// JSON Schema of the 200 answer, for OpenAPI; nil: not described.
    public var output: SchemaDocument?
    /// One line for OpenAPI; nil: none.
    public var summary: String?
    /// Groups in OpenAPI; none by default.
    public var tags: [String] = []
    /// Codes of errors that it may answer with, for OpenAPI; none by default.
    public var errors: [String] = []
    /// How the gateway caches its answers; nil: not.
    public var cache: CacheSettings?
    /// How repeated requests are recognised; nil: not.
    public var idempotency: IdempotencySettings?
    /// What it is given; nothing by default.
    public var uses: Set<Resource> = []
    /// From hand-over to a worker to the whole answer (with `stream`, to its first byte); default 10 s.
    public var timeout: Duration = .seconds(10)
    /// The largest request body; default 1 MiB.
    public var body: ByteCount = .mebibytes(1)
    /// Whether a GET or HEAD whose worker died is tried once more; default true.
    public var retry = true
    /// What is streamed.
    public var stream = StreamSettings()
    /// How many workers there are.
    public var scale = ScaleSettings()
    /// Memory of one worker; default 256 MiB.
    public var memory: ByteCount = .mebibytes(256)
    /// Processes of one worker, itself counted; default 32.
    public var processes = 32
    /// Open descriptors of one worker; default 256.
    public var files = 256
    /// What its sandbox lets through.
    public var allow = AllowSettings()
    /// How strict its sandbox is; default standard.
    public var sandbox: SandboxLevel = .standard
    /// The worker's environment; nothing else leaks in.
    public var env: [String: String] = [:]
    /// Requests that a new revision must answer before it serves; none by default.
    public var smoke: [SmokeCheck] = []
    /// The share of a candidate revision; nil: it takes all at once.
    public var traffic: TrafficSettings?
    /// When a candidate is rolled back by itself.
    public var rollback = RollbackSettings()
    /// Where the function's key is in the manifest.
    public var location: SourceLocation

    /// Makes a function with default settings that runs the executable of its name.
    public init(
        name: FunctionName, routes: [RoutePattern], version: String = "v1", auth: AuthRule = .required(),
        location: SourceLocation = SourceLocation(file: "manifest.yaml", line: 1, column: 1)
    ) {
        self.name = name
        self.routes = routes
        self.version = version
        self.run = .swift(name.rawValue)
        self.auth = auth
        self.location = location
    }
}
