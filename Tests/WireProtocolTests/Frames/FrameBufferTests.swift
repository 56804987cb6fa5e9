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
