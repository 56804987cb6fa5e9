import Glibc
import Testing
import WireProtocol

@Suite("A worker whose bodies go by shared memory", .serialized, .timeLimit(.minutes(2)))
struct SharedBodiesTests {
    private func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    private func request(_ text: String) -> Invocation {
        var invocation = ProbeWorker.invocation("echo")
        invocation.headers = ["Content-Type": "application/json"]
        invocation.body = Array(#"{"text":"\#(text)"}"#.utf8)
        return invocation
    }

    @Test("gets and sends them whole, many at a time and again and again, in less memory than they have together")
    func whole() throws {
        let settings = LinkSettings(linkWindow: 100_000)
        let worker = try ProbeWorker(settings: settings, sharing: settings.linkWindow)
        try worker.start()
        for round in 0..<20 {
            let texts = (0..<8).map { String(repeating: "\($0)-\(round) ", count: 3_000 + 1_000 * $0) }
            let streams = try texts.map { try worker.open(request($0)) }
            for (text, stream) in zip(texts, streams) {
                #expect(try self.text(worker.reply(to: stream)) == "hello \(text)")
            }
        }
        #expect(worker.sharedBytes > 20 * 100_000)
    }

    @Test("passes on a body of megabytes that comes and goes part by part")
    func streamed() throws {
        let worker = try ProbeWorker(environment: [], program: "StreamProbe", sharing: LinkSettings().linkWindow)
        try worker.start()
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var invocation = ProbeWorker.invocation("echo")
        invocation.placement = .follows(length: body.count)
        let stream = try worker.open(invocation)
        worker.link.send(body, on: stream, end: true)
        #expect(try worker.reply(to: stream).body == body)
        #expect(worker.sharedBytes == body.count)
    }

    @Test("does not start where it is told of memory that it was not given")
    func missing() throws {
        let worker = try ProbeWorker()
        SetupFrame(function: "Probe", revision: "r1", sharedMemory: 1 << 20).encode(into: &worker.out)
        let failure = try worker.next(.startFailed).read { try StartFailedFrame(payload: $0) }
        #expect(failure.message == "the memory that the gateway shares could not be mapped")
        #expect(try worker.exitCode() == 1)
    }

    @Test("keeps its mapping, not the descriptor")
    func descriptor() throws {
        let worker = try ProbeWorker(sharing: 1 << 20)
        try worker.start()
        var target = [CChar](repeating: 0, count: 256)
        for number in 0..<20 {
            let length = readlink("/proc/\(worker.pid)/fd/\(number)", &target, 255)
            let name = String(decoding: target.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            #expect(!name.contains("memfd"), "\(number)")
        }
    }

    @Test(
        "ends with a sentence when it is told of bytes that are not there, or of any without memory",
        arguments: [
            (100_000, SharedDataFrame(offset: 99_999, count: 2), "the field offset is not valid"),
            (0, SharedDataFrame(offset: 0, count: 1), "sharedData is not to be sent by this side, or not now"),
        ])
    func outside(size: Int, frame: SharedDataFrame, reason: String) throws {
        let worker = try ProbeWorker(sharing: size)
        try worker.start()
        var invocation = request("")
        invocation.body = []
        let stream = try #require(worker.link.openStreaming(invocation, length: 2, into: &worker.out))
        frame.encode(stream: stream, isEnd: true, into: &worker.out)
        #expect(throws: ProbeWorker.Failure.self) { try worker.next(.response) }
        #expect(try worker.printed() == "FunctionProbe: the gateway broke the protocol: \(reason)\n")
        #expect(try worker.exitCode() == 1)
    }
}
