import Testing

@testable import WireProtocol

@Suite("The buffer of bytes on their way out")
struct FrameBufferTests {
    @Test("bytes come out in order however they are added and taken")
    func order() {
        var generator = SplitMix(seed: 3)
        var buffer = FrameBuffer(capacity: 64)
        var expected: [UInt8] = []
        for _ in 0..<2_000 {
            let more = (0..<Int.random(in: 0...300, using: &generator)).map { UInt8(truncatingIfNeeded: $0) }
            buffer.append(more)
            expected += more
            let taken = Int.random(in: 0...400, using: &generator)
            buffer.consume(taken)
            expected.removeFirst(min(taken, expected.count))
        }
        let found = buffer.bytes
        #expect(found == expected)
        buffer.consume(.max)
        let isEmpty = buffer.isEmpty
        #expect(isEmpty)
    }

    @Test("long bodies are in their places however they are written, and are not copied", arguments: [1, 2, 3, 4])
    func shared(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var buffer = FrameBuffer(capacity: 64)
        var expected: [UInt8] = []
        let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        for _ in 0..<1_000 {
            if Bool.random(using: &generator) {
                let more = (0..<Int.random(in: 0...300, using: &generator)).map { UInt8(truncatingIfNeeded: $0) }
                buffer.append(more)
                expected += more
            } else {
                let start = Int.random(in: 0..<80_000, using: &generator)
                let count = Int.random(in: 1...16_384, using: &generator)
                let stream = StreamID(UInt32(start))
                buffer.appendData(body, start..<(start + count), isEnd: count % 2 == 0, stream: stream)
                expected += [UInt8(count & 255), UInt8(count >> 8), 0, 0, FrameType.data.rawValue]
                expected += [count % 2 == 0 ? FrameFlags.end.rawValue : 0, 0, 0]
                expected += [UInt8(start & 255), UInt8(start >> 8 & 255), UInt8(start >> 16), 0]
                expected += body[start..<(start + count)]
            }
            let count = buffer.count
            #expect(count == expected.count)
            let most = Int.random(in: 0...20_000, using: &generator)
            let taken = buffer.withSegments { Array($0.joined().prefix(most)) }
            #expect(taken.elementsEqual(expected.prefix(taken.count)))
            buffer.consume(taken.count)
            expected.removeFirst(taken.count)
        }
        let found = buffer.bytes
        #expect(found == expected)
        buffer.removeAll()
        let isEmpty = buffer.isEmpty && buffer.bytes.isEmpty
        #expect(isEmpty)
    }

    @Test("a body's bytes are where its array has them")
    func notCopied() {
        let body = [UInt8](repeating: 1, count: 20_000)
        var buffer = FrameBuffer()
        buffer.append([1])
        buffer.appendData(body, 100..<10_100, isEnd: false, stream: StreamID(1))
        let segments = buffer.withSegments { $0.map { (start: $0.baseAddress, count: $0.count) } }
        #expect(segments.map(\.count) == [13, 10_000])
        let start = body.withUnsafeBytes { $0.baseAddress.map { $0 + 100 } }
        #expect(segments.last?.start == start)
        let first = buffer.withUnsafeBytes { $0.count }
        #expect(first == 13)
    }

    @Test("more segments than one write takes come with the next")
    func manySegments() {
        let body = [UInt8](repeating: 1, count: 5_000)
        var buffer = FrameBuffer()
        for _ in 0..<100 { buffer.appendData(body, 0..<5_000, isEnd: false, stream: StreamID(1)) }
        var written = 0
        var writes = 0
        while !buffer.isEmpty {
            let count = buffer.withSegments { $0.reduce(0) { $0 + $1.count } }
            buffer.consume(count)
            written += count
            writes += 1
        }
        #expect(written == 100 * 5_012)
        #expect(writes == 4)
    }

    @Test("a frame that would be too long is taken back whole, and what was there stays")
    func tooLong() {
        var buffer = FrameBuffer()
        buffer.append([1, 2, 3])
        buffer.consume(1)
        let long = String(repeating: "x", count: FrameLimits.payload)
        let isWritten = StartFailedFrame(message: long).encode(into: &buffer)
        let left = buffer.bytes
        #expect(!isWritten && left == [2, 3])
        let fits = StartFailedFrame(message: String(long.dropLast(4))).encode(into: &buffer)
        let count = buffer.count
        #expect(fits && count == 2 + 12 + FrameLimits.payload)
    }

    @Test("a frame comes out whole wherever in it the buffer grows or moves up")
    func growsInFrame() throws {
        let line = LogFrame(level: .info, message: "a message", metadata: [.init("name", "value")])
        var plain = FrameBuffer()
        line.encode(stream: .link, into: &plain)
        let expected = plain.bytes
        for before in 0..<200 {
            for taken in [0, before / 2, before - before / 8] {
                var buffer = FrameBuffer(capacity: 64)
                buffer.append([UInt8](repeating: 9, count: before))
                buffer.append([8])
                buffer.consume(taken)
                line.encode(stream: .link, into: &buffer)
                let found = buffer.bytes
                #expect(Array(found.suffix(expected.count)) == expected)
                #expect(found.count == before + 1 - taken + expected.count)
            }
        }
    }

    @Test("a text that is not stored as UTF-8 in one piece is written the same")
    func bridged() throws {
        var buffer = FrameBuffer()
        StartFailedFrame(message: String("Grüße, 世界".reversed().reversed())).encode(into: &buffer)
        let read = try buffer.withUnsafeBytes { bytes in
            try StartFailedFrame(payload: UnsafeRawBufferPointer(rebasing: bytes[12...]))
        }
        #expect(read.message == "Grüße, 世界")
    }
}

/// A small generator with a seed, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
