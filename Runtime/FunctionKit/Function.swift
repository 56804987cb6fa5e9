import JSONCoding

/// One endpoint: a program of its own, which handles the requests of one route.
///
///     @main struct Greet: Function {
///         struct Input: Decodable { var name: String? }
///         init(_ startup: Startup) async throws {}
///         func handle(_ input: Input, _ context: Context) async throws -> String { "Hello, \(input.name ?? "you")" }
///     }
///
/// The type that `handle` returns chooses the convention: `Page` a list, `Created` 201 with `Location`, `Response`
/// anything, `Void` 204, and whatever is `Encodable` 200 with JSON.
///
/// All of a worker's code runs on one thread. Handlers of several requests take turns at their `await`s, as many at
/// once as the manifest's `scale.concurrency` says; a handler that blocks or computes for long holds up the others.
public protocol Function: Sendable {
    /// What a request brings, decoded from the path's parameters, the query and the body, in this order of precedence,
    /// as one flat value. `NoInput` where `handle` says nothing else.
    associatedtype Input: Decodable & Sendable = NoInput
    /// What a request is answered with.
    associatedtype Output: Sendable

    /// Starts the function: once in each worker, before its first request. What it throws is reported as a failed start.
    init(_ startup: Startup) async throws

    /// Answers one request. An `APIError` becomes its status and code; anything else thrown is a 500, whose cause is
    /// logged and never sent. The task is cancelled at the request's deadline and when the client goes away.
    func handle(_ input: Input, _ context: Context) async throws -> Output

    /// Writes an output as a reply. Provided for each of the types above, and not to be written by hand.
    static func write(_ output: Output, to reply: inout Reply) throws
}

extension Function where Output: Encodable {
    /// Writes the value as JSON with status 200.
    public static func write(_ output: Output, to reply: inout Reply) throws {
        reply.headers = ReplyHeaders.json
        try JSONEncoding.encode(output, into: &reply.body)
    }
}

extension Function where Output: FunctionOutput {
    /// Writes what the output itself says.
    public static func write(_ output: Output, to reply: inout Reply) throws {
        try output.write(to: &reply)
    }
}

extension Function where Output == Void {
    /// Writes 204 without a body.
    public static func write(_ output: Output, to reply: inout Reply) throws {
        reply.status = .noContent
    }
}
