import FunctionKit

/// For the benchmarks: reads a body as it comes and answers with its length.
@main struct TakeUpload: Function {
    struct Taken: Encodable, Sendable {
        let bytes: Int
    }

    init(_ startup: Startup) async throws {}

    func handle(_ input: NoInput, _ context: Context) async throws -> Taken {
        var bytes = 0
        for try await part in context.bodyStream { bytes += part.count }
        return Taken(bytes: bytes)
    }
}
