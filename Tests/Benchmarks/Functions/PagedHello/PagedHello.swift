import FunctionKit

/// For the benchmarks: Hello as a list of one.
@main struct PagedHello: Function {
    struct Greeting: Encodable, Sendable {
        let message = "hello"
    }

    init(_ startup: Startup) async throws {}

    func handle(_ input: NoInput, _ context: Context) async throws -> Page<Greeting> { Page([Greeting()], total: 1) }
}
