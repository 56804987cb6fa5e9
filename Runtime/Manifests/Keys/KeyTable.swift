/// Every key of a manifest of version 1: the one table that the parser and the JSON Schema are made from.
enum KeyTable {
    static let manifest = Record([
        Field("swiftlet", .wholeNumber(1...1), required: true, example: "1", "The manifest's own version."),
        Field("name", .text(.apiName), required: true, example: "shop", "The API's name."),
        Field(
            "executables", .text(.path), default: ".build/release", "The folder of the functions' programs."),
        Field("secret", .text(.secret), example: "${SWIFTLET_SECRET:-}", "Signs cursors; empty: made once."),
        Field("server", .record(server), "The front door."),
        Field("versions", .record(versions), "How a request chooses a version."),
        Field("auth", .record(auth), "How callers prove who they are."),
        Field("rate", .oneOrMore(.record(rate)), "Limits in one bucket over all functions."),
        Field("cors", .record(cors), "Other origins whose pages may read answers."),
        Field("compression", .record(compression), "Compression of answers; absent: off."),
        Field("openapi", .record(openapi), "Where the OpenAPI description is served; absent: nowhere."),
        Field("log", .record(log), "The log."),
        Field("health", .record(health), "What /health looks at."),
        Field("database", .record(database), "The database of functions with `uses: [database]`."),
        Field("workers", .record(workers), "The budget of all functions together."),
        Field("deploy", .record(deploy), "When a change is applied."),
        Field("defaults", .record(defaults), "What every function has unless it says otherwise."),
        Field(
            "functions", .table(.functionName, .record(function), atLeast: 1), required: true,
            "The functions, by name."),
        Field("store", .later, "Shared state."),
        Field("queue", .later, "Queues of background work."),
        Field("tls", .later, "Certificates."),
    ])

    static let server = Record([
        Field(
            "listen", .oneOrMore(.text(.listenAddress)), default: "127.0.0.1:8080",
            "HOST:PORT, unix:PATH or systemd:NAME; a list is allowed."),
        Field(
            "admin", .text(.listenAddress), example: "127.0.0.1:9901",
            "A read-only listener for metrics, status and health."),
        Field("prefix", .text(.prefix), default: "", example: "/api", "What every path begins with."),
        Field("headerTimeout", .positiveDuration, default: "10s", "From first byte to end of headers."),
        Field("idleTimeout", .positiveDuration, default: "75s", "How long a connection is kept unused."),
        Field("shutdown", .anyDuration, default: "30s", "Grace for requests in flight at SIGTERM."),
        Field(
            "shutdownDelay", .anyDuration, default: "0s",
            "How long readiness is 503 while requests are still taken."),
        Field("maxConnections", .wholeNumber(1...1_000_000), default: 10_000, "Connections open at once."),
        Field("threads", .wholeNumber(0...1024), default: 0, "Event loops; 0: one a core."),
        Field(
            "trustedProxies", .texts(.addressRange), default: [], "Addresses or CIDRs of trusted proxies."),
        Field(
            "forwardedBy", .choice(ForwardedHeader.self), default: "x-forwarded-for",
            "The header that trusted proxies set."),
    ])

    static let versions = Record([
        Field(
            "header", .text(.headerName(like: "api-version")), default: "api-version",
            "The header that names a version."),
        Field("default", .text(.version), default: "v1", "The version where none is named."),
    ])

    static let rate = Record([
        Field("limit", .wholeNumber(1...1_000_000_000), required: true, example: "100", "The burst."),
        Field("per", .positiveDuration, required: true, example: "15m", "The time that refills the burst."),
        Field("by", .choice(RateRule.Key.self), default: "client", "Whose requests count together."),
    ]).shown(as: "{limit: 100, per: 1m}")

    static let cors = Record([
        Field(
            "origins", .list(.text(.origin), atLeast: 1), required: true,
            example: "[\"https://app.example.com\"]", "Origins, or \"*\" alone."),
        Field("methods", .texts(.method), "Methods in a preflight's answer; default: the route's."),
        Field("headers", .texts(.header), "Request headers in a preflight's answer."),
        Field("expose", .texts(.header), "Response headers that pages may read."),
        Field("credentials", .flag, default: false, "Whether credentials may come along."),
        Field("maxAge", .anyDuration, example: "1h", "How long a preflight's answer is kept."),
    ])

    static let compression = Record([
        Field("minimum", .size(from: 0), default: "1KiB", "Smaller bodies stay as they are."),
        Field("level", .wholeNumber(1...9), default: 6, "1 is fast, 9 is small."),
    ])

    static let openapi = Record([
        Field("path", .text(.urlPath), default: "/openapi.json", "The path of the description.")
    ])

    static let log = Record([
        Field("level", .choice(LogLevel.self), default: "info", "The lowest level that is written."),
        Field("requests", .choice(RequestLogging.self), default: "all", "Which requests get a line."),
        Field(
            "redact", .texts(nil), default: ["token", "access_token", "api_key", "password"],
            "Query parameters whose values are never logged."),
    ])

    static let health = Record([
        Field("every", .positiveDuration, default: "5s", "Services are asked at most once in this time."),
        Field(
            "services", .table(.serviceName, .record(healthService), atLeast: 0), "The services, by name."),
    ])

    static let healthService = Record([
        Field("postgres", .text(.postgresURL), example: "\"${DATABASE_URL}\"", "A PostgreSQL URL."),
        Field("http", .text(.httpURL), "A URL that must answer below 400."),
        Field("required", .flag, default: true, "Whether /health fails with it."),
    ])

    static let database = Record([
        Field(
            "url", .text(.postgresURL), required: true, example: "\"${DATABASE_URL}\"", "The database's URL."),
        Field("replicas", .texts(.postgresURL), default: [], "URLs of read replicas."),
        Field("connections", .wholeNumber(1...10_000), default: 20, "Connections of all workers together."),
        Field("minConnections", .wholeNumber(0...10_000), default: 2, "Connections that are kept though unused."),
        Field("idleTimeout", .positiveDuration, default: "30s", "How long a connection is kept unused."),
        Field("connectionTimeout", .positiveDuration, default: "2s", "How long a statement waits for a connection."),
    ])

    static let workers = Record([
        Field("memory", .text(.memoryBudget), default: "75%", "A share of the machine's memory, or a size."),
        Field("max", .wholeNumber(1...100_000), default: 64, "Processes of all functions together."),
        Field("uids", .text(.userIDs), example: "61000-61999", "User ids, one for each function."),
    ])

    static let deploy = Record([
        Field("on", .choice(DeploySettings.Trigger.self), default: "save", "What applies a change.")
    ])
}
