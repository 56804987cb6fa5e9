import FunctionKit
import Testing

extension Invocation {
    /// An invocation with what an input is decoded from.
    static func of(
        _ method: FunctionKit.Method = .get, path: [Parameter] = [], query: [Parameter] = [],
        json: String? = nil,
        type: String = "application/json", page: PageWindow? = nil
    ) -> Invocation {
        Invocation(
            requestID: .given("r"), trace: TraceContext(traceHigh: 1, traceLow: 1, parent: 1, flags: 0),
            method: method,
            path: Array("/".utf8), parameters: path, query: query,
            headers: json == nil ? HeaderList() : ["Content-Type": type], page: page,
            body: Array((json ?? "").utf8))
    }
}

/// A function that gives back its input as text.
struct Mirror<Input: Decodable & Sendable>: Function {
    init(_ startup: Startup) async throws {}

    func handle(_ input: Input, _ context: Context) async throws -> Response { .text("\(input)") }
}

/// What an input of this type reads from an invocation, as text; throws what the client would get.
func decoded<Input: Decodable & Sendable>(
    _ type: Input.Type, _ invocation: Invocation
) async throws -> String {
    let reply = try await Mirror<Input>(.test()).reply(to: invocation)
    if case .error(let error) = reply.kind { throw error }
    return String(decoding: reply.body, as: UTF8.self)
}

/// The faults that an input of this type has in an invocation, each as `place.field: message`.
func faults<Input: Decodable & Sendable>(_ type: Input.Type, _ invocation: Invocation) async throws
    -> [String]
{
    do {
        let text = try await decoded(type, invocation)
        Issue.record("no fault: \(text)")
        return []
    } catch let error as APIError {
        #expect(error.code == "VALIDATION_ERROR" && error.status == Status(400))
        #expect(error.message == "Invalid input parameters")
        return error.details.map { "\($0.location).\($0.field): \($0.message)" }
    }
}
