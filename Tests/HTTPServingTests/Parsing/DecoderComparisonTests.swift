import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import WireProtocol

@testable import HTTPServing

/// On valid input the parser must find what NIO's own decoder finds.
struct DecoderComparisonTests {
    struct Found: Equatable {
        var method = ""
        var target = ""
        var fields: [String] = []
        var body: [UInt8] = []
    }

    @Test("requests made at random are read as NIO's decoder reads them")
    func comparison() throws {
        var random = SeededRandom(seed: 11)
        for round in 0..<500 {
            let bytes = (0..<Int.random(in: 1...3, using: &random)).flatMap { _ in
                DecoderComparisonTests.request(&random)
            }
            let run = ParserRun([bytes])
            #expect(run.failure == nil, "round \(round)")
            let ours = zip(run.heads, run.bodies).map { head, body in
                Found(
                    method: head.method.description,
                    target: String(
                        decoding: head.path + (head.query.isEmpty ? [] : [0x3F] + head.query), as: UTF8.self),
                    fields: head.headers.fields.map { "\($0.name): \($0.value)" }, body: body)
            }
            let theirs = try DecoderComparisonTests.read(bytes)
            #expect(ours == theirs, "round \(round)")
        }
    }

    private static func request(_ random: inout SeededRandom) -> [UInt8] {
        func word(_ letters: String, _ count: ClosedRange<Int>) -> String {
            let letters = Array(letters)
            return String(
                (0..<Int.random(in: count, using: &random)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &random)]
                })
        }
        let methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"]
        let method = methods[Int.random(in: 0..<methods.count, using: &random)]
        var target = "/" + word("abcXYZ019-_~:@!$&'()*+,;=", 0...20)
        if Bool.random(using: &random) { target += "?" + word("abc=&%20/?:@[]", 1...30) }
        var text = "\(method) \(target) HTTP/1.1\r\n"
        var fields = ["Host: example.com"]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            fields.append(
                "X\(word("abcXYZ01-", 1...12)):\(word(" \t", 0...2))\(word("abc XYZ\"=;,/()<>~", 0...30))")
        }
        let body = word("abcdef\r\n0", 0...300)
        var framed = ""
        switch Int.random(in: 0..<3, using: &random) {
        case 0: ()
        case 1:
            fields.append("Content-Length: \(body.utf8.count)")
            framed = body
        default:
            fields.append("Transfer-Encoding: chunked")
            var rest = Array(body.utf8)[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...50, using: &random))
                rest = rest.dropFirst(part.count)
                framed += "\(String(part.count, radix: 16))\r\n\(String(decoding: part, as: UTF8.self))\r\n"
            }
            framed += "0\r\n\r\n"
        }
        fields.shuffle(using: &random)
        text += fields.joined(separator: "\r\n") + "\r\n\r\n" + framed
        return Array(text.utf8)
    }

    private static func trimmed(_ value: String) -> String {
        var value = Substring(value)
        while value.last == " " || value.last == "\t" { value.removeLast() }
        return String(value)
    }

    private static func read(_ bytes: [UInt8]) throws -> [Found] {
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        defer { _ = try? channel.finish() }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        var found: [Found] = []
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                let fields = head.headers.filter { $0.name.lowercased() != "transfer-encoding" }
                found.append(
                    Found(
                        method: head.method.rawValue, target: head.uri,
                        // NIO keeps the blanks behind a value; RFC 9112, section 5.1, has them taken off.
                        fields: fields.map { "\($0.name.lowercased()): \(trimmed($0.value))" }))
            case .body(let body): found[found.count - 1].body += Array(body.readableBytesView)
            case .end: ()
            }
        }
        return found
    }
}
