import Testing

@testable import WireProtocol

@Suite("Streams of a link")
struct LinkTests {
    @Test("a short request and its reply take one frame each and leave nothing behind")
    func short() throws {
        let pair = try LinkPair()
        for _ in 0..<1_000 {
            let stream = try #require(pair.open(.sample(body: 10)))
            let request = try #require(try pair.pumpToWorker().first)
            #expect(request.type == .request && request.isEnd && request.verdict == .deliver)
            #expect(pair.answer(stream, Reply(body: [1])))
            let response = try #require(try pair.pumpToGateway().first)
            #expect(response.type == .response && response.isEnd && response.verdict == .deliver)
            #expect(pair.gateway.openStreams == 0 && pair.worker.openStreams == 0)
        }
    }

    @Test("no more streams than agreed are open at once")
    func full() throws {
        let pair = try LinkPair(LinkSettings(concurrency: 3))
        let streams = [pair.open(.sample()), pair.open(.sample()), pair.open(.sample())]
        #expect(!streams.contains(nil))
        #expect(pair.open(.sample()) == nil)
        try pair.pumpToWorker()
        #expect(pair.answer(try #require(streams[1]), Reply()))
        try pair.pumpToGateway()
        #expect(pair.open(.sample()) != nil)
    }

    @Test("a head over 256 KiB is not sent, and opens nothing")
    func longHead() throws {
        let pair = try LinkPair()
        var invocation = Invocation.sample()
        invocation.path = [UInt8](repeating: 47, count: FrameLimits.payload)
        #expect(pair.open(invocation) == nil)
        #expect(pair.gateway.openStreams == 0 && pair.isQuietToWorker)
        let stream = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        let long = Reply(kind: .cursorPage(next: String(repeating: "x", count: FrameLimits.payload)))
        #expect(!pair.answer(stream, long))
        #expect(pair.worker.openStreams == 1 && pair.isQuietToGateway)
        #expect(pair.answer(stream, Reply(status: Status(500))))
    }

    @Test("places that are taken are skipped, and ids go on past 2^32")
    func wrapsAround() throws {
        let pair = try LinkPair(LinkSettings(concurrency: 2))
        pair.gateway.last = StreamID(.max - 3)
        pair.worker.last = StreamID(.max - 3)
        let old = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        for _ in 0..<50 {
            let stream = try #require(pair.open(.sample()))
            #expect(pair.gateway.index(of: stream) != pair.gateway.index(of: old))
            #expect(stream != .link)
            try pair.pumpToWorker()
            #expect(pair.answer(stream, Reply()))
            try pair.pumpToGateway()
        }
        #expect(pair.answer(old, Reply()))
        #expect(try pair.pumpToGateway().first?.verdict == .deliver)
    }

    @Test("the late reply to a cancelled request is dropped, and frees its place")
    func cancelled() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        pair.cancel(stream)
        pair.cancel(stream)
        #expect(pair.gateway.openStreams == 1 && !pair.gateway.isActive(stream))
        #expect(pair.answer(stream, Reply(body: [1])))
        #expect(try pair.pumpToWorker().map(\.verdict) == [.ignore])
        #expect(try pair.pumpToGateway().map(\.verdict) == [.ended])
        #expect(pair.gateway.openStreams == 0)
    }

    @Test("a worker that hears of the cancellation answers with a reset, however long its reply")
    func cancelledBeforeReply() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        pair.cancel(stream)
        #expect(try pair.pumpToWorker().map(\.type) == [.request, .cancel])
        #expect(pair.answer(stream, Reply(body: [UInt8](repeating: 1, count: 100_000))))
        #expect(!pair.worker.hasDataToSend)
        let events = try pair.pumpToGateway()
        #expect(events.map(\.type) == [.reset] && events.map(\.verdict) == [.ended])
    }

    @Test("the head of a long reply goes with its body, that of a streamed one at once")
    func heads() throws {
        let pair = try LinkPair()
        let long = try #require(pair.open(.sample()))
        let streamed = try #require(pair.open(.sample()))
        let short = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        #expect(pair.answer(long, Reply(body: [UInt8](repeating: 1, count: 20_000))))
        #expect(pair.isQuietToGateway)
        #expect(pair.worker.beginAnswer(streamed, Reply(), length: 20_000, into: &pair.toGateway))
        #expect(pair.answer(short, Reply(body: [1])))
        pair.worker.writeData(into: &pair.toGateway)
        let events = try pair.pumpToGateway()
        #expect(events.map(\.type) == [.response, .response, .response, .data])
        #expect(events.map(\.stream) == [streamed, short, long, long])
    }

    @Test("a long reply that was not begun is taken back when its request is cancelled")
    func cancelledBeforeHead() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        #expect(pair.answer(stream, Reply(body: [UInt8](repeating: 1, count: 20_000))))
        pair.cancel(stream)
        try pair.pumpToWorker()
        pair.worker.writeData(into: &pair.toGateway)
        #expect(try pair.pumpToGateway().map(\.type) == [.reset])
        #expect(pair.worker.openStreams == 0 && pair.gateway.openStreams == 0)
    }

    @Test("a reply under way breaks off when its request is cancelled")
    func cancelledInReply() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        try pair.pumpToWorker()
        #expect(pair.answer(stream, Reply(body: [UInt8](repeating: 1, count: 100_000))))
        pair.worker.writeData(into: &pair.toGateway)
        pair.cancel(stream)
        try pair.pumpToWorker()
        #expect(pair.worker.openStreams == 0 && !pair.worker.hasDataToSend)
        let events = try pair.pumpToGateway()
        #expect(events.dropLast().allSatisfy { $0.verdict == .ignore })
        #expect(events.last?.verdict == .ended)
    }

    @Test("what comes of a request's body after its reply is forgotten, and its room given back")
    func earlyReply() throws {
        let pair = try LinkPair(LinkSettings(linkWindow: 64 * 1024))
        for _ in 0..<20 {
            let stream = try #require(pair.open(.sample(body: 60_000)))
            try pair.pumpToWorker()
            #expect(pair.answer(stream, Reply(status: Status(413))))
            pair.gateway.writeData(into: &pair.toWorker)
            #expect(try pair.pumpToWorker().allSatisfy { $0.verdict == .ignore })
            try pair.pumpToGateway()
            #expect(pair.gateway.openStreams == 0 && !pair.gateway.hasDataToSend)
        }
        #expect(pair.gateway.linkSendWindow > 0)
    }

    @Test("after DRAIN no request begins, and those that run are answered")
    func drain() throws {
        let pair = try LinkPair()
        let stream = try #require(pair.open(.sample()))
        pair.toWorker.appendFrame(.drain)
        try pair.pumpToWorker()
        #expect(pair.worker.isClosing)
        #expect(pair.answer(stream, Reply()))
        pair.toGateway.appendFrame(.goodbye)
        try pair.pumpToGateway()
        #expect(pair.gateway.isClosing && pair.open(.sample()) == nil)
    }
}
