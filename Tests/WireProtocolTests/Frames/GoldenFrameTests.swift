import Foundation
import Testing
import WireProtocol

@Suite("Frames as they stand on the wire")
struct GoldenFrameTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/frames")

    /// Sixteen bytes a line, in hexadecimal; a new sample is recorded by `SWIFTLET_RECORD=1`.
    static func hex(_ bytes: [UInt8]) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
            text += index % 16 == 15 || index == bytes.count - 1 ? "\n" : " "
        }
        return text
    }

    @Test("a frame is written byte for byte as its golden file has it", arguments: FrameSample.all)
    func golden(_ sample: FrameSample) throws {
        let file = GoldenFrameTests.folder.appending(path: sample.name + ".hex")
        let written = GoldenFrameTests.hex(sample.bytes)
        if ProcessInfo.processInfo.environment["SWIFTLET_RECORD"] != nil {
            try written.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == written)
    }

    @Test("every golden file belongs to a sample, and every type that is not reserved has one")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenFrameTests.folder.path)
        #expect(files.sorted() == FrameSample.all.map { $0.name + ".hex" }.sorted())
        let types = Set(FrameSample.all.map { $0.bytes[4] })
        #expect(types == Set(FrameType.allCases.filter { !$0.isReserved }.map(\.rawValue)))
    }

    @Test("what a golden file holds is read as what was written", arguments: FrameSample.all)
    func roundTrip(_ sample: FrameSample) throws {
        var parser = FrameParser()
        var seen = 0
        try sample.bytes.withUnsafeBytes { bytes in
            try parser.feed(bytes) { header, payload in
                seen += 1
                let isSame = try sample.matches(header, payload)
                #expect(isSame)
            }
        }
        #expect(seen == 1)
        #expect(!parser.isMidFrame)
    }

    @Test(
        "a payload cut short at any byte is refused or is a shorter body, never a crash",
        arguments: FrameSample.all)
    func truncated(_ sample: FrameSample) {
        let bytes = sample.bytes
        guard let type = FrameType(rawValue: bytes[4]), ![.data, .drain, .goodbye].contains(type) else {
            return
        }
        let head = FrameHeader(
            length: bytes.count - 12, type: type, flags: FrameFlags(rawValue: bytes[5]), stream: StreamID(7))
        bytes.withUnsafeBytes { bytes in
            for cut in 12..<bytes.count {
                let payload = UnsafeRawBufferPointer(rebasing: bytes[12..<cut])
                let matched = (try? sample.matches(head, payload)) ?? false
                #expect(!matched, "cut at \(cut)")
            }
        }
    }
}
