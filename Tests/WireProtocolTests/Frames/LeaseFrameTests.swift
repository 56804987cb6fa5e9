import Testing

@testable import WireProtocol

@Suite("Frames of leases")
struct LeaseFrameTests {
    @Test(
        "carry the mark by which a peer that does not know them skips them",
        arguments: FrameSample.all.filter { $0.name.hasPrefix("lease") })
    func optional(_ sample: FrameSample) throws {
        var bytes = sample.bytes
        #expect(bytes[5] == FrameFlags.optional.rawValue)
        // To a peer of version 1.0 the number is as strange as this one is to us.
        bytes[4] = 99
        var out = FrameBuffer()
        out.append(bytes)
        PingFrame(token: 1).encode(into: &out)
        var parser = FrameParser()
        var types: [FrameType] = []
        try out.withUnsafeBytes { try parser.feed($0) { header, _ in types.append(header.type) } }
        #expect(types == [.ping])
    }

    @Test("a setup without leases is what version 1.0 wrote, and one with them ends where it ought to")
    func setup() throws {
        var plain = FrameBuffer()
        SetupFrame(function: "F", revision: "").encode(into: &plain)
        var leasing = FrameBuffer()
        SetupFrame(
            function: "F", revision: "", leases: LeaseSettings(connections: 3, waitMilliseconds: 1)
        ).encode(into: &leasing)
        #expect(leasing.count == plain.count + 8)
        #expect(Array(leasing.bytes.dropFirst(12).prefix(plain.count - 12)) == Array(plain.bytes.dropFirst(12)))
    }

    @Test("a return holds so many leases and no more")
    func limit() throws {
        let many = LeaseReturnFrame(leases: Array(0..<5_000))
        #expect(many.leases.count == LeaseReturnFrame.limit)
        var out = FrameBuffer()
        many.encode(into: &out)
        let read = try out.withUnsafeBytes { bytes in
            try LeaseReturnFrame(payload: UnsafeRawBufferPointer(rebasing: bytes[12...]))
        }
        #expect(read == many)
        let tooMany = [UInt8](repeating: 0, count: 4 + (LeaseReturnFrame.limit + 1) * 8)
        #expect(throws: FrameError.invalidField("leases")) {
            try tooMany.withUnsafeBytes { _ = try LeaseReturnFrame(payload: $0) }
        }
    }
}
