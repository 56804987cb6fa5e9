import Testing

@testable import WireProtocol

@Suite("Bodies in shared memory")
struct SharedDataTests {
    /// The frames that wait, and what those of SHARED_DATA stand for.
    private static func read(_ out: inout FrameBuffer, _ memory: UnsafeRawBufferPointer) throws -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var parser = FrameParser()
        try out.bytes.withUnsafeBytes { bytes in
            try parser.feed(bytes) { header, payload in
                guard header.type == .sharedData else { return }
                let data = try SharedDataFrame(payload: payload).data(header, in: memory)
                #expect(data.header.type == .data && data.header.length == data.payload.count)
                #expect(data.header.isEnd == header.isEnd && data.header.stream == header.stream)
                parts.append([UInt8](data.payload))
            }
        }
        out.removeAll()
        return parts
    }

    private static func link(_ settings: LinkSettings, _ memory: UnsafeMutableRawBufferPointer) -> Link {
        var link = Link(role: .gateway, settings: settings)
        link.isGreeted = true
        link.isReady = true
        link.share(memory)
        return link
    }

    @Test("a long body goes by the memory, a short one with its head")
    func long() throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { memory.deallocate() }
        var link = Self.link(LinkSettings(), memory)
        var out = FrameBuffer()
        _ = link.open(.sample(body: 100), into: &out)
        link.writeData(into: &out)
        #expect(try Self.read(&out, UnsafeRawBufferPointer(memory)).isEmpty)
        _ = link.open(.sample(body: 50_000), into: &out)
        link.writeData(into: &out)
        #expect(out.count < 1_000)
        #expect(try Self.read(&out, UnsafeRawBufferPointer(memory)) == [[UInt8](repeating: 7, count: 50_000)])
        #expect(!link.hasDataToSend)
    }

    @Test("no more is put there than the window allows; what is granted is room again")
    func window() throws {
        let settings = LinkSettings(concurrency: 8, linkWindow: 100_000)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: settings.linkWindow, alignment: 16)
        defer { memory.deallocate() }
        var link = Self.link(settings, memory)
        var out = FrameBuffer()
        for _ in 0..<3 { _ = link.open(.sample(body: 60_000), into: &out) }
        link.writeData(into: &out)
        #expect(try Self.read(&out, UnsafeRawBufferPointer(memory)).map(\.count) == [60_000, 40_000])
        #expect(link.hasDataToSend)
        let grant = FrameHeader(length: 4, type: .window)
        try withUnsafeBytes(of: UInt32(60_000).littleEndian) { _ = try link.receive(grant, $0, into: &out) }
        link.writeData(into: &out)
        #expect(try Self.read(&out, UnsafeRawBufferPointer(memory)).map(\.count) == [20_000, 40_000])
        // Giving back more than there is breaks the protocol, as ever.
        #expect(throws: FrameError.windowOverflow(.link)) {
            try withUnsafeBytes(of: UInt32(100_001).littleEndian) { _ = try link.receive(grant, $0, into: &out) }
        }
    }

    @Test("what comes part by part goes there at once, and its end alone is a frame without bytes")
    func streamed() throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { memory.deallocate() }
        var link = Self.link(LinkSettings(), memory)
        var out = FrameBuffer()
        let stream = try #require(link.openStreaming(.sample(), length: nil, into: &out))
        for byte in UInt8(1)...3 {
            [UInt8](repeating: byte, count: 10).withUnsafeBytes { link.sendNow($0, on: stream, end: false, into: &out) }
        }
        let parts = (UInt8(1)...3).map { [UInt8](repeating: $0, count: 10) }
        #expect(try Self.read(&out, UnsafeRawBufferPointer(memory)) == parts)
        link.sendNow(UnsafeRawBufferPointer(start: nil, count: 0), on: stream, end: true, into: &out)
        #expect(out.count == FrameLimits.header && out.bytes[4] == FrameType.data.rawValue && out.bytes[5] == 1)
    }

    @Test(
        "a place that is not in the memory is refused",
        arguments: [(UInt32(0), UInt32(101)), (100, 1), (.max, 1), (.max, 65_536)])
    func outside(offset: UInt32, count: UInt32) throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 16)
        defer { memory.deallocate() }
        let header = FrameHeader(length: 8, type: .sharedData, stream: StreamID(1))
        #expect(throws: FrameError.invalidField("offset")) {
            _ = try SharedDataFrame(offset: offset, count: count).data(header, in: UnsafeRawBufferPointer(memory))
        }
    }

    @Test(
        "a payload that is none is refused",
        arguments: [
            ([0, 0, 0, 0, 1, 0, 0], FrameError.truncated), ([0, 0, 0, 0, 1, 0, 0, 0, 0], .trailingBytes),
            ([0, 0, 0, 0, 0, 0, 0, 0], .invalidField("count")), ([0, 0, 0, 0, 1, 0, 1, 0], .invalidField("count")),
        ])
    func malformed(payload: [UInt8], error: FrameError) {
        #expect(throws: error) { try payload.withUnsafeBytes { _ = try SharedDataFrame(payload: $0) } }
    }
}
