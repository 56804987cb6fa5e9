import FunctionKit

/// Says hello.
@main struct Hello: Function {
    /// The answer.
    struct Greeting: Encodable, Sendable {
        var message = "hello"
    }

    init(_ startup: Startup) async throws {}

    func handle(_ input: NoInput, _ context: Context) async throws -> Greeting { Greeting() }
}
