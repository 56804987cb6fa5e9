import Testing

@testable import WireProtocol

@Suite("Windows of a link")
struct LinkWindowTests {
    @Test("a stream gets 64 KiB ahead of its receiver, and not a byte more")
    func streamWindow() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample(body: 200_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        let data = try pair.pumpToWorker().dropFirst()
        #expect(data.map(\.count) == [16_384, 16_384, 16_384, 16_384])
        pair.gateway.writeData(into: &pair.toWorker)
        #expect(pair.isQuietToWorker && pair.gateway.hasDataToSend)
        #expect(pair.gateway.pendingBytes(on: stream) == 200_000 - 65_536)
    }

    @Test("all streams together get 1 MiB ahead")
    func linkWindow() throws {
        let pair = try LinkPair(LinkSettings(concurrency: 40))
        for _ in 0..<40 { _ = pair.open(.sample(body: 60_000)) }
        pair.gateway.writeData(into: &pair.toWorker, limit: .max)
        let sent = try pair.pumpToWorker().filter { $0.type == .data }.reduce(0) { $0 + $1.count }
        #expect(sent == 1_024 * 1_024)
    }

    @Test("room is granted when half a window was consumed, not before")
    func replenish() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample(body: 200_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        try pair.pumpToWorker()
        pair.worker.consumed(32_767, of: stream, into: &pair.toGateway)
        #expect(pair.isQuietToGateway)
        pair.worker.consumed(1, of: stream, into: &pair.toGateway)
        #expect(try pair.pumpToGateway().map(\.type) == [.window])
        pair.gateway.writeData(into: &pair.toWorker)
        #expect(try pair.pumpToWorker().map(\.count) == [16_384, 16_384])
    }

    @Test("who claims to have consumed more than came grants no more than came")
    func overclaimed() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample(body: 200_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        try pair.pumpToWorker()
        for _ in 0..<3 { pair.worker.consumed(.max, of: stream, into: &pair.toGateway) }
        try pair.pumpToGateway()
        #expect(pair.gateway.linkSendWindow <= pair.gateway.settings.linkWindow)
    }

    @Test("streams take turns, heads come before data")
    func roundRobin() throws {
        let pair = try LinkPair()
        let first = try #require(pair.open(.sample(body: 40_000)))
        let second = try #require(pair.open(.sample(body: 40_000)))
        pair.gateway.writeData(into: &pair.toWorker)
        let events = try pair.pumpToWorker()
        #expect(events.map(\.type) == [.request, .request, .data, .data, .data, .data, .data, .data])
        #expect(events.dropFirst(2).map(\.stream) == [first, second, first, second, first, second])
        #expect(events.map(\.isEnd) == [false, false, false, false, false, false, true, true])
    }

    @Test("data stops at the limit of the buffer, so that heads never wait behind all of it")
    func limit() throws {
        let pair = try LinkPair(LinkSettings(concurrency: 40))
        for _ in 0..<10 { _ = pair.open(.sample(body: 60_000)) }
        pair.gateway.writeData(into: &pair.toWorker, limit: 50_000)
        let count = pair.toWorker.count
        #expect(count >= 50_000 && count < 50_000 + 16_396)
    }

    @Test("a streamed body ends when it is said to, also without a last byte")
    func streaming() throws {
        let pair = try LinkPair()
        let opened = pair.gateway.openStreaming(FrameSample.bare, length: nil, into: &pair.toWorker)
        let stream = try #require(opened)
        pair.gateway.send([1, 2], on: stream, end: false)
        pair.gateway.send([3], on: stream, end: false)
        pair.gateway.writeData(into: &pair.toWorker)
        #expect(try pair.pumpToWorker().map(\.count).last == 3)
        pair.gateway.send([], on: stream, end: true)
        pair.gateway.send([9], on: stream, end: true)
        pair.gateway.writeData(into: &pair.toWorker)
        let last = try pair.pumpToWorker()
        #expect(last.map(\.count) == [0] && last.map(\.isEnd) == [true])
        let began = pair.worker.beginAnswer(stream, Reply(), length: nil, into: &pair.toGateway)
        #expect(began)
        pair.worker.send([5], on: stream, end: true)
        pair.worker.writeData(into: &pair.toGateway)
        let answer = try pair.pumpToGateway()
        #expect(answer.map(\.type) == [.response, .data] && answer.map(\.isEnd) == [false, true])
        #expect(pair.gateway.openStreams == 0 && pair.worker.openStreams == 0)
    }
}
