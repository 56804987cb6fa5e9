import Testing

@testable import WireProtocol

@Suite("Peers that break the protocol")
struct LinkViolationTests {
    /// A frame with a payload that is at least long enough for its type.
    struct Step: Sendable {
        var type: FrameType
        var stream: UInt32 = 0
        var isEnd = false
        var count = 4
    }

    static func receive(_ steps: [Step], at link: inout Link) throws {
        var out = FrameBuffer()
        for step in steps {
            let flags: FrameFlags = step.isEnd ? .end : []
            let header = FrameHeader(
                length: step.count, type: step.type, flags: flags, stream: StreamID(step.stream))
            let payload = [UInt8](repeating: 1, count: step.count)
            _ = try payload.withUnsafeBytes { try link.receive(header, $0, into: &out) }
        }
    }

    static let greeted = [Step(type: .hello), Step(type: .ready)]

    @Test(
        "the gateway refuses",
        arguments: [
            ([Step(type: .ready)], FrameError.unexpected(.ready)),
            ([Step(type: .response, stream: 1)], .unexpected(.response)),
            ([Step(type: .hello), Step(type: .hello)], .unexpected(.hello)),
            ([Step(type: .hello), Step(type: .response, stream: 1)], .unexpected(.response)),
            (greeted + [Step(type: .ready)], .unexpected(.ready)),
            (greeted + [Step(type: .startFailed)], .unexpected(.startFailed)),
            (greeted + [Step(type: .request, stream: 3)], .unexpected(.request)),
            (greeted + [Step(type: .setup)], .unexpected(.setup)),
            (greeted + [Step(type: .ping)], .unexpected(.ping)),
            (greeted + [Step(type: .drain)], .unexpected(.drain)),
            (greeted + [Step(type: .sharedData, stream: 1, count: 8)], .unexpected(.sharedData)),
            (greeted + [Step(type: .leaseGrant)], .unexpected(.leaseGrant)),
            (greeted + [Step(type: .leaseRecall)], .unexpected(.leaseRecall)),
            (greeted + [Step(type: .leaseRequest, stream: 1)], .wrongStream(.leaseRequest)),
            (greeted + [Step(type: .leaseReturn, isEnd: true)], .reservedBits),
            ([Step(type: .leaseRequest)], .unexpected(.leaseRequest)),
            (greeted + [Step(type: .goodbye), Step(type: .leaseReturn)], .unexpected(.leaseReturn)),
            (greeted + [Step(type: .cancel, stream: 1)], .unexpected(.cancel)),
            (greeted + [Step(type: .pong, stream: 1)], .wrongStream(.pong)),
            (greeted + [Step(type: .response)], .wrongStream(.response)),
            (greeted + [Step(type: .pong, isEnd: true)], .reservedBits),
            (greeted + [Step(type: .response, stream: 3)], .unknownStream(StreamID(3))),
            (greeted + [Step(type: .data, stream: 3)], .unknownStream(StreamID(3))),
            (greeted + [Step(type: .reset, stream: 3)], .unknownStream(StreamID(3))),
            (greeted + [Step(type: .window, stream: 3)], .unknownStream(StreamID(3))),
            (greeted + [Step(type: .log, stream: 3)], .unknownStream(StreamID(3))),
            (greeted + [Step(type: .data, stream: 1)], .unexpected(.data)),
            (
                greeted + [
                    Step(type: .response, stream: 1, isEnd: true),
                    Step(type: .response, stream: 1, isEnd: true),
                ], .streamClosed(StreamID(1))
            ),
            (
                greeted + [Step(type: .response, stream: 1), Step(type: .response, stream: 1)],
                .streamClosed(StreamID(1))
            ),
            (
                greeted + [
                    Step(type: .response, stream: 1), Step(type: .data, stream: 1, isEnd: true),
                    Step(type: .data, stream: 1),
                ], .streamClosed(StreamID(1))
            ),
            (
                greeted + [Step(type: .reset, stream: 1), Step(type: .response, stream: 1)],
                .streamClosed(StreamID(1))
            ),
            (
                greeted + [Step(type: .response, stream: 1), Step(type: .data, stream: 1, count: 0)],
                .invalidField("data")
            ),
            (
                greeted + [Step(type: .response, stream: 1)]
                    + Array(repeating: Step(type: .data, stream: 1, count: 16_384), count: 5),
                .windowExceeded(StreamID(1))
            ),
            (greeted + [Step(type: .window)], .windowOverflow(.link)),
            (greeted + [Step(type: .window, stream: 1)], .windowOverflow(StreamID(1))),
            (greeted + [Step(type: .goodbye), Step(type: .pong)], .unexpected(.pong)),
        ])
    func gateway(_ steps: [Step], _ error: FrameError) {
        var link = Link(role: .gateway)
        var out = FrameBuffer()
        let streams = [link.open(.sample(), into: &out), link.open(.sample(), into: &out)]
        #expect(streams == [StreamID(1), StreamID(2)])
        #expect(throws: error) { try LinkViolationTests.receive(steps, at: &link) }
    }

    static let setUp = [Step(type: .setup), Step(type: .request, stream: 5)]

    @Test(
        "the worker refuses",
        arguments: [
            ([Step(type: .request, stream: 1)], FrameError.unexpected(.request)),
            (setUp + [Step(type: .setup)], .unexpected(.setup)),
            (setUp + [Step(type: .hello)], .unexpected(.hello)),
            (setUp + [Step(type: .leaseRequest)], .unexpected(.leaseRequest)),
            (setUp + [Step(type: .leaseReturn)], .unexpected(.leaseReturn)),
            ([Step(type: .leaseGrant)], .unexpected(.leaseGrant)),
            (setUp + [Step(type: .leaseRecall, stream: 5)], .wrongStream(.leaseRecall)),
            (setUp + [Step(type: .response, stream: 5)], .unexpected(.response)),
            (setUp + [Step(type: .request, stream: 5)], .streamClosed(StreamID(5))),
            (setUp + [Step(type: .request, stream: 4)], .streamClosed(StreamID(4))),
            (setUp + [Step(type: .request, stream: 5 + 32)], .tooManyStreams),
            (setUp + (6...21).map { Step(type: .request, stream: $0) }, .tooManyStreams),
            (setUp + [Step(type: .data, stream: 6)], .unknownStream(StreamID(6))),
            (setUp + [Step(type: .cancel, stream: 6)], .unknownStream(StreamID(6))),
            (setUp + [Step(type: .window, stream: 6)], .unknownStream(StreamID(6))),
            (
                setUp + [Step(type: .data, stream: 5, isEnd: true), Step(type: .data, stream: 5)],
                .streamClosed(StreamID(5))
            ),
            (
                setUp + [Step(type: .cancel, stream: 5), Step(type: .data, stream: 5)],
                .streamClosed(StreamID(5))
            ),
            (
                setUp + Array(repeating: Step(type: .data, stream: 5, count: 16_384), count: 5),
                .windowExceeded(StreamID(5))
            ),
            (setUp + [Step(type: .drain), Step(type: .request, stream: 6)], .unexpected(.request)),
            (setUp + [Step(type: .drain, stream: 5)], .wrongStream(.drain)),
            (setUp + [Step(type: .window, count: 3)], .truncated),
            (setUp + [Step(type: .window, count: 5)], .trailingBytes),
        ])
    func worker(_ steps: [Step], _ error: FrameError) {
        var link = Link(role: .worker)
        #expect(throws: error) { try LinkViolationTests.receive(steps, at: &link) }
    }

    @Test("a body is whole and as it was sent, however it was cut", arguments: [true, false])
    func bodyInParts(isAnnounced: Bool) throws {
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var body = IncomingBody(stream: StreamID(1), announced: isAnnounced ? sent.count : nil, limit: 300_000)
        var isWhole = false
        var place = 0
        var size = 1
        while place < sent.count {
            let end = min(place + size, sent.count)
            let part = sent[place..<end]
            isWhole = try part.withUnsafeBytes { try body.append($0, isEnd: end == sent.count) }
            #expect(isWhole == (end == sent.count) && body.count == end)
            place = end
            size = size * 3 / 2 + 1
        }
        #expect(body.take() == sent)
        #expect(body.count == 0 && body.take().isEmpty)
    }

    @Test("a body longer or shorter than announced, or over the limit, is refused")
    func bodyLength() throws {
        let part = [UInt8](repeating: 1, count: 10)
        func feed(_ body: inout IncomingBody, _ parts: Int) throws -> Bool {
            var whole = false
            for index in 1...parts {
                whole = try part.withUnsafeBytes { try body.append($0, isEnd: index == parts) }
            }
            return whole
        }
        var exact = IncomingBody(stream: StreamID(1), announced: 20, limit: 100)
        #expect(try feed(&exact, 2) && exact.take().count == 20)
        for (announced, limit, parts) in [(20, 100, 1), (20, 100, 3), (20, 15, 2), (nil, 25, 3)]
            as [(Int?, Int, Int)]
        {
            var body = IncomingBody(stream: StreamID(1), announced: announced, limit: limit)
            #expect(throws: FrameError.bodyLength(StreamID(1))) { try feed(&body, parts) }
        }
    }
}
