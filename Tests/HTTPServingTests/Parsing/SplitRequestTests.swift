import Glibc
import Testing
import WireProtocol

@testable import HTTPServing

/// The parser must make the same of the same bytes however they are cut.
struct SplitRequestTests {
    static let samples: [String] = [
        "GET /a/./b?c HTTP/1.1\r\nHost: a\r\nX-A: b\r\nConnection: x-a\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n1234567GET / HTTP/1.0\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/b HTTP/1.1\r\nHost: A\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    ]

    static let broken: [String] =
        (RefusedRequestTests.framing + RefusedRequestTests.chunks + RefusedRequestTests.fields
        + RefusedRequestTests.hosts + RefusedRequestTests.lines).map(\.bytes).filter { $0.utf8.count < 400 }

    @Test("cut in two at every byte, a request is the same", arguments: samples + broken)
    func everyCut(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = ParserRun([bytes])
        for cut in bytes.indices {
            #expect(ParserRun([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
    }

    @Test("byte by byte, a request is the same", arguments: samples + broken)
    func everyByte(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(ParserRun(bytes.map { [$0] }) == ParserRun([bytes]))
    }

    @Test("what is over a limit is refused alike, in one piece and byte by byte")
    func limits() {
        var rules = RequestRules()
        rules.headerBytes = 40
        rules.targetBytes = 20
        rules.chunkLineBytes = 12
        rules.trailerBytes = 24
        for length in 0..<60 {
            let filler = String(repeating: "a", count: length)
            for text in [
                "GET /\(filler) HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \(filler)\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\(filler): b\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\(filler)\r\nx\r\n0\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: \(filler)\r\n\r\n",
            ] {
                let bytes = Array(text.utf8)
                #expect(
                    ParserRun(bytes.map { [$0] }, rules: rules) == ParserRun([bytes], rules: rules), "\(text)"
                )
            }
        }
    }

    /// `SWIFTLET_FUZZ_ITERATIONS`, else 20,000.
    static var iterations: Int {
        getenv("SWIFTLET_FUZZ_ITERATIONS").flatMap { Int(String(cString: $0)) } ?? 20_000
    }

    @Test("changed at random and cut at random, bytes never crash the parser and mean the same in one piece")
    func fuzz() {
        var random = SeededRandom(seed: 2026)
        let sources = (SplitRequestTests.samples + SplitRequestTests.broken).map { Array($0.utf8) }
        let odd: [UInt8] = [0, 9, 10, 13, 32, 37, 44, 46, 47, 58, 59, 92, 127, 128, 255]
        for round in 0..<SplitRequestTests.iterations {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                bytes += sources[Int.random(in: 0..<sources.count, using: &random)]
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = odd[Int.random(in: 0..<odd.count, using: &random)]
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2: bytes.remove(at: place)
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(rest.count, 40), using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let whole = ParserRun([bytes])
            #expect(ParserRun(pieces) == whole, "round \(round)")
            for head in whole.heads {
                let path = String(validating: head.path, as: UTF8.self)
                #expect(path != nil && (path == "*" || path?.hasPrefix("/") == true), "round \(round)")
                #expect(head.path.firstIndex(of: 0) == nil, "round \(round)")
            }
        }
    }
}
