import Testing

@testable import WireProtocol

@Suite("Cutting bytes into frames")
struct FrameParserTests {
    static let stream: [UInt8] = FrameSample.all.flatMap(\.bytes)

    static func parse(_ bytes: [UInt8], by size: Int) throws -> [[UInt8]] {
        var parser = FrameParser()
        var frames: [[UInt8]] = []
        var isOpen = false
        var isData = false
        var offset = 0
        while offset < bytes.count {
            let next = min(offset + size, bytes.count)
            try bytes.withUnsafeBytes { all in
                try parser.feed(UnsafeRawBufferPointer(rebasing: all[offset..<next])) { header, payload in
                    #expect(payload.count == header.length)
                    if isOpen {
                        // Parts of one DATA frame, of which only the last has the flags.
                        #expect(header.type == .data)
                        isOpen = false
                        frames[frames.count - 1][1] = header.flags.rawValue
                        frames[frames.count - 1] += payload
                    } else {
                        frames.append([header.type.rawValue, header.flags.rawValue] + payload)
                    }
                    isData = header.type == .data
                }
            }
            isOpen = isData && parser.openData != nil
            offset = next
        }
        #expect(!parser.isMidFrame)
        return frames
    }

    static func header(length: UInt32, type: UInt8, flags: UInt8 = 0, reserved: UInt8 = 0) -> [UInt8] {
        withUnsafeBytes(of: length.littleEndian) { [UInt8]($0) } + [type, flags, reserved, 0, 0, 0, 0, 0]
    }

    @Test(
        "chunks of any size give the same frames",
        arguments: [1, 2, 3, 7, 11, 12, 13, 64, 1_000, 16_385, 65_536])
    func chunks(_ size: Int) throws {
        let whole = try FrameParserTests.parse(FrameParserTests.stream, by: .max >> 1)
        #expect(whole.count == FrameSample.all.count)
        #expect(try FrameParserTests.parse(FrameParserTests.stream, by: size) == whole)
    }

    @Test("an optional frame of an unknown type is skipped", arguments: [6, 30, 37, 36, 255] as [UInt8])
    func optional(_ type: UInt8) throws {
        let unknown = FrameParserTests.header(length: 3, type: type, flags: 0x80) + [1, 2, 3]
        let ping = try #require(FrameSample.all.first { $0.name == "ping" }).bytes
        for size in [1, 5, 1_000] {
            #expect(try FrameParserTests.parse(unknown + ping + unknown, by: size).count == 1)
        }
    }

    @Test(
        "what breaks the protocol is refused, and so is everything after it",
        arguments: [
            (header(length: 0, type: 6), FrameError.unknownType(6)),
            (header(length: 0, type: 36), FrameError.unknownType(36)),
            (header(length: 0, type: 20, flags: 2), FrameError.reservedBits),
            (header(length: 0, type: 20, flags: 0x40), FrameError.reservedBits),
            (header(length: 0, type: 20, reserved: 1), FrameError.reservedBits),
            (header(length: 262_145, type: 8), FrameError.tooLarge(type: 8, length: 262_145)),
            (header(length: .max, type: 6, flags: 0x80), FrameError.tooLarge(type: 6, length: 4_294_967_295)),
            (header(length: 65_537, type: 10), FrameError.tooLarge(type: 10, length: 65_537)),
        ])
    func refused(_ bytes: [UInt8], _ error: FrameError) {
        var parser = FrameParser()
        for _ in 0..<2 {
            #expect(throws: error) {
                try bytes.withUnsafeBytes { try parser.feed($0) { _, _ in } }
            }
        }
    }

    @Test("a frame that is not whole holds no more memory than what came of it")
    func bounded() throws {
        var parser = FrameParser()
        let head = FrameParserTests.header(length: 262_144, type: 8)
        try head.withUnsafeBytes { try parser.feed($0) { _, _ in } }
        #expect(parser.buffered.count == 12)
        #expect(parser.buffered.capacity < 1_024)
    }

    @Test("a DATA frame comes in parts, of which nothing is held, and only the last has its end")
    func data() throws {
        var parser = FrameParser()
        var seen: [FrameHeader] = []
        func feed(_ bytes: [UInt8]) throws {
            try bytes.withUnsafeBytes { bytes in
                try parser.feed(bytes) { header, payload in
                    #expect(payload.count == header.length)
                    seen.append(header)
                }
            }
        }
        func part(_ length: Int, _ flags: FrameFlags = []) -> FrameHeader {
            FrameHeader(length: length, type: .data, flags: flags, stream: StreamID(7))
        }
        var head = FrameParserTests.header(length: 1_000, type: FrameType.data.rawValue, flags: FrameFlags.end.rawValue)
        head[8] = 7
        try feed(Array(head.prefix(5)))
        #expect(parser.isMidFrame && parser.openData == nil && seen.isEmpty)
        try feed(Array(head.dropFirst(5)))
        #expect(parser.openData == part(1_000, .end) && seen.isEmpty)
        try feed([UInt8](repeating: 1, count: 300))
        #expect(parser.openData == part(700, .end) && seen == [part(300)] && parser.buffered.isEmpty)
        try feed([UInt8](repeating: 1, count: 700) + head.prefix(12) + [1])
        #expect(seen == [part(300), part(700, .end), part(1)])
        try feed([UInt8](repeating: 1, count: 999))
        #expect(!parser.isMidFrame && parser.openData == nil && seen.last == part(999, .end))
    }

    @Test("what a handler throws comes out, and the parser goes on after it")
    func handlerThrows() throws {
        struct Stop: Error {}
        var parser = FrameParser()
        let ping = try #require(FrameSample.all.first { $0.name == "ping" }).bytes
        #expect(throws: Stop.self) {
            try ping.withUnsafeBytes { try parser.feed($0) { _, _ in throw Stop() } }
        }
        var seen = 0
        try ping.withUnsafeBytes { try parser.feed($0) { _, _ in seen += 1 } }
        #expect(seen == 1)
    }
}
