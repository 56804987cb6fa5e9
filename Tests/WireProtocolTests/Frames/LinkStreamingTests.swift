import Testing

@testable import WireProtocol

@Suite("Bodies that a link passes on part by part")
struct LinkStreamingTests {
    static func streamed(_ length: Int?) -> Invocation {
        var invocation = FrameSample.bare
        invocation.placement = .follows(length: length)
        return invocation
    }

    @Test("a streamed request tells so, and its length where that is known", arguments: [nil, 0, 5, 1 << 40] as [Int?])
    func head(length: Int?) throws {
        var out = FrameBuffer()
        #expect(
            RequestFrame.encode(
                Self.streamed(length), streaming: .follows(length: length), stream: StreamID(1), into: &out))
        var parser = FrameParser()
        var frames: [RequestFrame] = []
        try out.bytes.withUnsafeBytes { bytes in
            try parser.feed(bytes) { frames.append(try RequestFrame(payload: $1, isEnd: $0.isEnd)) }
        }
        #expect(frames.map(\.invocation) == [Self.streamed(length)])
        #expect(frames.map(\.body) == [.follows(length: length)])
    }

    @Test("what the windows allow is written at once, the rest waits, and all of it comes in order")
    func now() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(Self.streamed(nil)))
        let bytes = [UInt8](repeating: 1, count: 100_000)
        bytes.withUnsafeBytes { pair.gateway.sendNow($0, on: stream, end: true, into: &pair.toWorker) }
        #expect(pair.gateway.pendingBytes(on: stream) == 100_000 - 65_536)
        #expect(try pair.pumpToWorker().map(\.count).dropFirst() == [65_536])
        pair.worker.stored(65_536, into: &pair.toGateway)
        #expect(pair.isQuietToGateway)
        pair.worker.release(65_536, of: stream, into: &pair.toGateway)
        #expect(try pair.pumpToGateway().map(\.type) == [.window])
        pair.gateway.writeData(into: &pair.toWorker)
        let rest = try pair.pumpToWorker()
        #expect(rest.map(\.count) == [34_464])
        #expect(rest.map(\.isEnd) == [true])
        #expect(!pair.gateway.hasDataToSend)
    }

    @Test("an empty end is sent, and nothing after it", arguments: [0, 10])
    func end(before count: Int) throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(Self.streamed(nil)))
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        let bytes = [UInt8](repeating: 1, count: count)
        bytes.withUnsafeBytes { pair.gateway.sendNow($0, on: stream, end: false, into: &pair.toWorker) }
        pair.gateway.sendNow(nothing, on: stream, end: true, into: &pair.toWorker)
        bytes.withUnsafeBytes { pair.gateway.sendNow($0, on: stream, end: true, into: &pair.toWorker) }
        let data = try pair.pumpToWorker().filter { $0.type == .data }
        #expect(data.map(\.count) == (count == 0 ? [0] : [count, 0]))
        #expect(data.last?.isEnd == true)
    }

    @Test("a slowly read stream holds up no other: its bytes are counted on the stream alone")
    func slow() throws {
        let pair = try LinkPair(LinkSettings(linkWindow: 64 * 1024))
        let slow = try #require(pair.open(.sample(body: 60_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        try pair.pumpToWorker()
        pair.worker.stored(60_000, into: &pair.toGateway)
        try pair.pumpToGateway()
        let other = try #require(pair.open(.sample(body: 60_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        let came = try pair.pumpToWorker().filter { $0.stream == other && $0.type == .data }
        #expect(came.reduce(0) { $0 + $1.count } == 60_000)
        #expect(pair.worker.isOpen(slow))
    }

    @Test("a stream that never runs dry keeps no more than what waits")
    func compact() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(Self.streamed(nil)))
        for _ in 0..<200 {
            pair.gateway.send([UInt8](repeating: 1, count: 30_000), on: stream, end: false)
            pair.gateway.writeData(into: &pair.toWorker)
            let came = try pair.pumpToWorker().filter { $0.type == .data }.reduce(0) { $0 + $1.count }
            pair.worker.consumed(max(came - 100, 0), of: stream, into: &pair.toGateway)
            pair.worker.consumed(100, of: stream, into: &pair.toGateway)
            try pair.pumpToGateway()
        }
        let slot = pair.gateway.slots[pair.gateway.index(of: stream)]
        #expect(slot.pending.count <= 4 * 65_536)
    }

    @Test("a cancelled answer that is still being made keeps its place until its maker ends it")
    func cancelled() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        #expect(pair.worker.beginAnswer(stream, Reply(), length: nil, into: &pair.toGateway))
        pair.worker.send([UInt8](repeating: 1, count: 100_000), on: stream, end: false)
        pair.worker.writeData(into: &pair.toGateway)
        pair.cancel(stream)
        #expect(try pair.pumpToWorker().map(\.verdict) == [.deliver])
        #expect(pair.worker.isOpen(stream) && !pair.worker.isActive(stream) && !pair.worker.hasDataToSend)
        pair.worker.send([1], on: stream, end: true)
        #expect(!pair.worker.hasDataToSend)
        pair.worker.reset(stream, APIError(.functionTimeout), into: &pair.toGateway)
        #expect(pair.worker.openStreams == 0)
        #expect(try pair.pumpToGateway().last?.verdict == .ended)
        #expect(pair.gateway.openStreams == 0)
    }
}
