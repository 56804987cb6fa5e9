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
        #expect(data.map(\.count) == [65_536])
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
        #expect(try pair.pumpToWorker().map(\.count) == [32_768])
    }

    @Test("no room is granted that an announced body does not need", arguments: [65_536, 100_000, 200_000])
    func announced(length: Int) throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample(body: length)))
        try pair.pumpToWorker()
        pair.worker.expect(length, on: stream)
        pair.gateway.writeData(into: &pair.toWorker)
        var came = 0
        var granted = 65_536
        while came < length {
            for event in try pair.pumpToWorker() where event.type == .data {
                came += event.count
                pair.worker.consumed(event.count, of: stream, into: &pair.toGateway)
            }
            let before = pair.gateway.slots[pair.gateway.index(of: stream)].sendWindow
            try pair.pumpToGateway()
            granted += pair.gateway.slots[pair.gateway.index(of: stream)].sendWindow - before
            pair.gateway.writeData(into: &pair.toWorker)
        }
        #expect(came == length)
        #expect(granted >= length && granted < length + 65_536)
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

    @Test("streams take turns of 64 KiB, heads come before data", arguments: [10_000, 1 << 20])
    func roundRobin(limit: Int) throws {
        let pair = try LinkPair(LinkSettings(streamWindow: 256 * 1024))
        let first = try #require(pair.open(.sample(body: 70_000)))
        let second = try #require(pair.open(.sample(body: 70_000)))
        let third = try #require(pair.open(.sample(body: 20_000)))
        var events: [LinkPair.Event] = []
        while pair.gateway.hasDataToSend {
            pair.gateway.writeData(into: &pair.toWorker, limit: limit)
            events += try pair.pumpToWorker()
        }
        #expect(events.prefix(3).map(\.type) == [.request, .request, .request])
        let data = events.dropFirst(3)
        #expect(data.allSatisfy { $0.type == .data })
        #expect(data.map(\.stream) == [first, second, third, first, second])
        #expect(data.map(\.count) == [65_536, 65_536, 20_000, 4_464, 4_464])
        #expect(data.map(\.isEnd) == [false, false, true, true, true])
    }

    @Test("no stream is overtaken by those that come after it", arguments: [10_000, 100_000])
    func inOrder(limit: Int) throws {
        let pair = try LinkPair(LinkSettings(concurrency: 8, linkWindow: 64 * 1024))
        var opened: [StreamID] = []
        var ended: [StreamID] = []
        for _ in 0..<100 {
            while pair.gateway.openStreams < 8 { opened.append(try #require(pair.open(.sample(body: 50_000)))) }
            pair.gateway.writeData(into: &pair.toWorker, limit: limit)
            for event in try pair.pumpToWorker() where event.type == .data {
                pair.worker.consumed(event.count, of: event.stream, into: &pair.toGateway)
                guard event.isEnd else { continue }
                ended.append(event.stream)
                let isAnswered = pair.answer(event.stream, Reply())
                #expect(isAnswered)
            }
            try pair.pumpToGateway()
        }
        #expect(ended.count > 20)
        #expect(ended == Array(opened.prefix(ended.count)))
    }

    @Test("a stream that is cancelled in its turn leaves the next one a whole turn")
    func cancelledTurn() throws {
        let pair = try LinkPair(LinkSettings(streamWindow: 256 * 1024, linkWindow: 128 * 1024))
        let first = try #require(pair.open(.sample(body: 200_000)))
        let second = try #require(pair.open(.sample(body: 200_000)))
        _ = try #require(pair.open(.sample(body: 200_000)))
        // The link's window ends within the first one's second turn, and opens again when that is cancelled.
        pair.gateway.linkSendWindow = 20_000
        pair.gateway.writeData(into: &pair.toWorker)
        #expect(try pair.pumpToWorker().last?.count == 20_000)
        pair.cancel(first)
        pair.gateway.linkSendWindow = 50_000
        pair.gateway.writeData(into: &pair.toWorker)
        pair.gateway.linkSendWindow = 15_536
        pair.gateway.writeData(into: &pair.toWorker)
        let data = try pair.pumpToWorker().filter { $0.type == .data }
        #expect(data.map(\.stream) == [second, second])
        #expect(data.map(\.count) == [50_000, 15_536])
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
