import FunctionKit

/// For the benchmarks: a GET is answered with `BYTES` bytes made once, a POST with the length of its body.
@main struct FixedBody: Function {
    let body: [UInt8]
    let headers: HeaderList = ["Content-Type": "application/octet-stream"]

    init(_ startup: Startup) async throws {
        body = [UInt8](repeating: UInt8(ascii: "x"), count: Int(try startup.require("BYTES")) ?? 0)
    }

    func handle(_ input: NoInput, _ context: Context) async throws -> Response {
        if context.method == .get { return Response(headers: headers, body: body) }
        return Response(headers: headers, body: Array("\(context.body.count)".utf8))
    }
}
