extension KeyTable {
    /// Keys of a function. Nothing here is required by itself: `defaults` may give it.
    static let function = Record([
        Field("route", .text(.route), "METHOD /path/{name}; {name+} takes the rest."),
        Field("routes", .list(.text(.route), atLeast: 1), "Several routes."),
        Field("version", .text(.version), example: "v2", "The version; default: versions.default."),
        Field("run", .record(run), "The program; default: the executable of the function's name."),
        Field(
            "auth", .either([.choice(["none", "optional", "required"]), .record(authRule)]),
            default: "required", example: "none", "Who may call it."),
        Field("rate", .oneOrMore(.record(rate)), "The function's own limits."),
        Field("page", .record(page), "How answers are paged."),
        Field("input", .record(input), "JSON Schemas of a request's parts."),
        Field("output", .schema, "JSON Schema of the 200 answer."),
        Field("summary", .text(nil), "One line for OpenAPI."),
        Field("tags", .texts(nil), default: [], "Groups in OpenAPI."),
        Field("errors", .texts(.errorCode), default: [], "Codes of errors, for OpenAPI."),
        Field("cache", .record(cache), "How the gateway keeps answers."),
        Field("idempotency", .record(idempotency), "How a repeated request is recognised."),
        Field("uses", .list(.choice(Resource.self)), default: [], example: "[database]", "What it is given."),
        Field("timeout", .positiveDuration, default: "10s", "From hand-over to a worker to the answer."),
        Field("body", .size(from: 1), default: "1MiB", "The largest request body."),
        Field("retry", .flag, default: true, "Whether a GET whose worker died is tried once more."),
        Field("stream", .record(stream), "What is not gathered first."),
        Field("scale", .record(scale), "How many workers there are."),
        Field("memory", .size(from: 1 << 20), default: "256MiB", "Memory of one worker."),
        Field("processes", .wholeNumber(1...100_000), default: 32, "Processes of one worker."),
        Field("files", .wholeNumber(16...1_000_000), default: 256, "Open descriptors of one worker."),
        Field("cpu", .later, "Share of the processors."),
        Field("allow", .record(allow), "What the sandbox lets through."),
        Field("sandbox", .choice(SandboxLevel.self), default: "standard", "How strict the sandbox is."),
        Field("env", .table(.variable, .anyScalar, atLeast: 0), "The worker's whole environment."),
        Field("smoke", .list(.record(smoke)), default: [], "Requests before a revision serves."),
        Field("traffic", .record(traffic), "The share of a candidate revision."),
        Field("rollback", .record(rollback), "When a candidate is rolled back by itself."),
        Field("async", .later, "Calls that nobody waits for."),
        Field("retryPolicy", .later, "Retries of background work."),
        Field("onFailure", .later, "Where failed background work goes."),
        Field("schedule", .later, "When it runs by itself."),
        Field("queue", .later, "The queue that it works off."),
    ]).shown(as: "{route: \"GET /users/{id}\", auth: none}")

    static let defaults = function.without("route", "routes")

    static let run = Record([
        Field("swift", .text(.executableName), example: "GetUser", "An executable of this name."),
        Field(
            "command", .list(.text(.argument), atLeast: 1), example: "[./program]",
            "A program that speaks the wire protocol, and its arguments."),
        Field("lambda", .later, "An AWS Lambda program."),
        Field("http", .later, "An HTTP server."),
    ])

    static let page = Record([
        Field("style", .choice(PageSettings.Style.self), default: "page", "By number or by cursor."),
        Field("default", .wholeNumber(1...100_000), example: "10", "Items where the request says nothing."),
        Field("max", .wholeNumber(1...100_000), example: "100", "Items at most."),
    ])

    static let input = Record([
        Field("path", .schema, "The path's parameters, as one object."),
        Field("query", .schema, "The query's parameters, as one object."),
        Field("body", .schema, "The body."),
    ])

    static let cache = Record([
        Field("for", .positiveDuration, required: true, example: "30s", "How long an answer is kept."),
        Field("vary", .texts(.variant), example: "[caller]", "What else an answer depends on."),
        Field("query", .texts(nil), example: "[page]", "Query parameters that count; default: all."),
        Field("clients", .anyDuration, example: "30s", "max-age for clients."),
        Field("clearedBy", .texts(.functionName), default: [], "Functions whose success drops it."),
    ])

    static let idempotency = Record([
        Field(
            "header", .text(.headerName(like: "Idempotency-Key")), default: "Idempotency-Key",
            "The header with the key."),
        Field("for", .positiveDuration, default: "24h", "How long the first response is kept."),
        Field("required", .flag, default: false, "Whether a request without a key is refused."),
    ])

    static let stream = Record([
        Field("request", .flag, default: false, "The body goes to the handler as it comes.")
    ])

    static let scale = Record([
        Field("min", .wholeNumber(0...10_000), default: 0, "Workers that are always kept."),
        Field("max", .wholeNumber(1...10_000), default: 8, "Workers at most."),
        Field("concurrency", .wholeNumber(1...10_000), default: 16, "Requests in one worker at most."),
        Field("target", .number(above: 0, through: 1), default: 0.7, "The share of it to fill."),
        Field("idle", .anyDuration, default: "60s", "How long a worker is kept without requests."),
        Field("queue", .wholeNumber(0...1_000_000), default: 100, "Requests that wait at most."),
        Field("wait", .anyDuration, default: "5s", "How long a request waits at most."),
        Field("stable", .positiveDuration, default: "60s", "The window before workers leave."),
        Field(
            "requests", .either([.wholeNumber(1...1_000_000_000), .choice(["none"])]), default: "none",
            "Requests after which a worker is replaced."),
    ])

    static let allow = Record([
        Field("read", .texts(.path), default: [], "Paths it may read."),
        Field("write", .texts(.path), default: [], "Paths it may write."),
        Field(
            "network", .either([.choice(["all", "none"]), .list(.wholeNumber(1...65_535), atLeast: 1)]),
            default: "all", "The network, or TCP ports."),
    ])

    static let smoke = Record([
        Field("path", .text(.target), required: true, example: "/users?limit=1", "The path to ask for."),
        Field("status", .wholeNumber(100...599), default: 200, "The status that must come."),
    ])

    static let traffic = Record([
        Field("candidate", .text(.share), required: true, example: "10%", "The candidate's share.")
    ])

    static let rollback = Record([
        Field("errors", .text(.share), default: "50%", "The share of crashes and 5xx that is too much."),
        Field("of", .wholeNumber(1...1_000_000), default: 20, "Requests that are needed to judge."),
        Field("within", .positiveDuration, default: "60s", "The time in which they are counted."),
    ])
}
