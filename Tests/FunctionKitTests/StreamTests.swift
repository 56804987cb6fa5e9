import FunctionKit
import Testing

@Suite("Streams without a worker")
struct StreamTests {
    struct Sums: StreamingFunction {
        init(_ startup: Startup) async throws {}

        func handle(_ input: NoInput, _ context: Context) async throws -> ByteStream {
            guard context.caller.id != nil else { throw APIError.forbidden() }
            return ByteStream(contentType: "text/plain") { writer in
                var sum = 0
                for try await line in context.bodyStream.lines() {
                    sum += Int(line) ?? 0
                    try await writer.write("\(sum)\n")
                }
            }
        }
    }

    @Test("a handler is tested part by part, its request's body too")
    func handler() async throws {
        let function = try await Sums(.test())
        let parts: [[UInt8]] = [Array("1\n2".utf8), [], Array("0\n3".utf8)]
        let stream = try await function.handle(.init(), .test(caller: Caller(id: "u"), bodyParts: parts))
        #expect(try await stream.parts() == ["1\n", "21\n", "24\n"].map { Array($0.utf8) })
        await #expect(throws: APIError.forbidden()) { try await function.handle(.init(), .test()) }
    }

    @Test("a whole invocation is answered with the stream's bytes")
    func reply() async throws {
        let function = try await Sums(.test())
        let invocation = Invocation(
            requestID: .given("r"), trace: TraceContext(traceHigh: 1, traceLow: 1, parent: 1, flags: 0), method: .post,
            path: [47], caller: Caller(id: "u"), body: Array("5\n6".utf8))
        let reply = await function.reply(to: invocation)
        #expect(reply.status == .ok && reply.headers["content-type"] == "text/plain")
        #expect(String(decoding: reply.body, as: UTF8.self) == "5\n11\n")
    }

    @Test("a body that is not streamed is one part, as often as it is read")
    func buffered() async throws {
        let context = Context.test(body: [1, 2, 3])
        for _ in 0..<2 {
            var parts: [[UInt8]] = []
            for try await part in context.bodyStream { parts.append(part) }
            #expect(parts == [[1, 2, 3]] && context.bodyStream.length == 3)
        }
    }

    @Test("a streamed body is read once")
    func once() async throws {
        let context = Context.test(bodyParts: [[1]])
        for try await _ in context.bodyStream {}
        await #expect(throws: StreamFault.readTwice) { for try await _ in context.bodyStream {} }
    }

    @Test(
        "lines are cut wherever the parts are",
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n", [""]), ("\n\na", ["", "", "a"]),
            ("a\r\nb\r\n", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("ü€\n😀", ["ü€", "😀"]),
        ], [1, 2, 3, 100])
    func lines(text: (String, [String]), size: Int) async throws {
        let bytes = Array(text.0.utf8)
        let parts = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        var found: [String] = []
        for try await line in BodyStream(parts).lines() { found.append(line) }
        #expect(found == text.1)
    }

    @Test("a line over the limit and one that is not UTF-8 are the client's fault", arguments: ["aaaaaa", "aaaaaa\n"])
    func badLines(text: String) async throws {
        await #expect(throws: APIError.badRequest("A line of the body is longer than 5 bytes")) {
            for try await _ in BodyStream([Array(text.utf8)]).lines(limit: 5) {}
        }
        await #expect(throws: APIError.badRequest("The body is not valid UTF-8")) {
            for try await _ in BodyStream([[0xC3, 0x28]]).lines() {}
        }
    }

    @Test("a stream keeps to the length that it told")
    func length() async throws {
        await #expect(throws: StreamFault.tooShort(announced: 3, missing: 1)) {
            try await ByteStream(contentLength: 3) { try await $0.write([1, 2]) }.bytes()
        }
        await #expect(throws: StreamFault.tooLong(announced: 3)) {
            try await ByteStream(contentLength: 3) { try await $0.write([1, 2, 3, 4]) }.bytes()
        }
        #expect(try await ByteStream(contentLength: 2) { try await $0.write([1, 2]) }.bytes() == [1, 2])
    }

    @Test("a content type among the headers wins")
    func contentType() {
        #expect(ByteStream { _ in }.headers["content-type"] == "application/octet-stream")
        let stream = ByteStream(contentType: "text/csv", headers: ["Content-Type": "text/plain"]) { _ in }
        #expect(stream.headers.values("content-type") == ["text/plain"])
    }
}
