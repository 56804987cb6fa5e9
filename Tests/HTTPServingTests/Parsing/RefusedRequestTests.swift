import Testing
import WireProtocol

@testable import HTTPServing

/// What must be refused, case by case (faults.md, section A).
struct RefusedRequestTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: String
        let failure: ParseFailure

        init(_ name: String, _ bytes: String, _ failure: ParseFailure) {
            self.name = name
            self.bytes = bytes
            self.failure = failure
        }

        var testDescription: String { name }
    }

    static func post(_ fields: String, _ body: String = "", version: String = "1.1") -> String {
        "POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\(body)"
    }

    static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\n\(fields)\r\n" }

    static func line(_ line: String) -> String { "\(line)\r\nHost: a\r\n\r\n" }

    static let chunked = "Transfer-Encoding: chunked\r\n"

    static let framing: [Case] = [
        Case("length and coding", post("Content-Length: 5\r\n\(chunked)", "0\r\n\r\n"), .framing),
        Case("coding and length", post("\(chunked)Content-Length: 5\r\n", "0\r\n\r\n"), .framing),
        Case("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), .framing),
        Case("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "12345"), .framing),
        Case("length +5", post("Content-Length: +5\r\n"), .framing),
        Case("length 5,5", post("Content-Length: 5,5\r\n"), .framing),
        Case("length 0x5", post("Content-Length: 0x5\r\n"), .framing),
        Case("length -1", post("Content-Length: -1\r\n"), .framing),
        Case("empty length", post("Content-Length:\r\n"), .framing),
        Case("length 5 5", post("Content-Length: 5 5\r\n"), .framing),
        Case("length 2^63", post("Content-Length: 9223372036854775808\r\n"), .framing),
        Case("length 2^64", post("Content-Length: 18446744073709551616\r\n"), .framing),
        Case("empty coding", post("Transfer-Encoding:\r\n"), .framing),
        Case("coding xchunked", post("Transfer-Encoding: xchunked\r\n"), .framing),
        Case("coding chunked, identity", post("Transfer-Encoding: chunked, identity\r\n"), .framing),
        Case("coding chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n"), .framing),
        Case("coding twice", post("\(chunked)\(chunked)"), .framing),
        Case("coding with a parameter", post("Transfer-Encoding: chunked;q=1\r\n"), .framing),
        Case("coding , chunked", post("Transfer-Encoding: , chunked\r\n"), .framing),
        Case("coding not last", post("Transfer-Encoding: gzip\r\n"), .framing),
        Case("coding in HTTP/1.0", post(chunked, "0\r\n\r\n", version: "1.0"), .framing),
        Case("unknown coding", post("Transfer-Encoding: gzip, chunked\r\n"), .transferCoding),
        Case("unknown Expect", post("Expect: tea\r\nContent-Length: 1\r\n"), .expectation),
        Case("empty Expect", post("Expect:\r\n"), .expectation),
    ]

    static let chunks: [Case] = [
        Case("size 0x1", post(chunked, "0x1\r\na\r\n0\r\n\r\n"), .chunk),
        Case("size with a space before", post(chunked, " 5\r\nabcde\r\n0\r\n\r\n"), .chunk),
        Case("size with a space behind", post(chunked, "5 \r\nabcde\r\n0\r\n\r\n"), .chunk),
        Case("size +5", post(chunked, "+5\r\nabcde\r\n0\r\n\r\n"), .chunk),
        Case("size -1", post(chunked, "-1\r\n\r\n"), .chunk),
        Case("empty size", post(chunked, "\r\n\r\n"), .chunk),
        Case("overflowing size", post(chunked, "FFFFFFFFFFFFFFFF\r\n"), .chunk),
        Case("overflowing size by zeros", post(chunked, "00000000000000001\r\na\r\n"), .chunk),
        Case("chunk without CRLF", post(chunked, "1\r\nab0\r\n\r\n"), .chunk),
        Case("chunk with bare LF behind it", post(chunked, "1\r\na\n0\r\n\r\n"), .chunk),
        Case("chunk with CR and no LF", post(chunked, "1\r\na\rb"), .chunk),
        Case("bare LF behind the size", post(chunked, "1\na\r\n0\r\n\r\n"), .chunk),
        Case("bare LF in an extension", post(chunked, "1;a=\nb\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("bare CR in an extension", post(chunked, "1;a=\rb\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("NUL in an extension", post(chunked, "1;a=\u{0}\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("DEL in an extension", post(chunked, "1;a=\u{7F}\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension without a name", post(chunked, "1;\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extensions without a name", post(chunked, "1;;;\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension without a name behind one with", post(chunked, "1;a;\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension without a name on the last chunk", post(chunked, "0;\r\n\r\n"), .chunk),
        Case("extension with a value and no name", post(chunked, "1;=a\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension with a name and no value", post(chunked, "1;a=\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension with two values", post(chunked, "1;a=b=c\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension of two words", post(chunked, "1;a b\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("blank behind an extension", post(chunked, "1;a \r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension with an open quote", post(chunked, "1;a=\"b\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("extension that ends in a backslash", post(chunked, "1;a=\"b\\\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("text behind a quoted value", post(chunked, "1;a=\"b\"c\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("escaped NUL in an extension", post(chunked, "1;a=\"\\\u{0}\"\r\nx\r\n0\r\n\r\n"), .chunk),
        Case("trailer without a name", post(chunked, "0\r\n: b\r\n\r\n"), .chunk),
        Case("folded trailer", post(chunked, "0\r\na: b\r\n c\r\n\r\n"), .chunk),
        Case("bare LF in the trailers", post(chunked, "0\r\na: b\n\r\n"), .chunk),
        Case("bare LF at the end", post(chunked, "0\r\n\n"), .chunk),
        Case("control character in a trailer", post(chunked, "0\r\na: \u{1}\r\n\r\n"), .chunk),
        Case("64 KiB extension", post(chunked, "1;" + String(repeating: "a", count: 65_536)), .chunk),
        Case(
            "extensions that add up",
            post(chunked, String(repeating: "1;\(String(repeating: "a", count: 1000))\r\nx\r\n", count: 20)),
            .chunk),
        Case(
            "trailers over 8 KiB",
            post(
                chunked,
                "0\r\n" + String(repeating: "a: \(String(repeating: "b", count: 100))\r\n", count: 90)),
            .chunk),
    ]

    static let fields: [Case] = [
        Case("bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", .headerField),
        Case("bare LF as the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .headerField),
        Case("bare CR in a value", get("Host: a\r\nA: b\rc\r\n"), .headerField),
        Case("two CR", get("Host: a\r\r\n"), .headerField),
        Case("folded field", get("Host: a\r\nA: b\r\n c\r\n"), .headerField),
        Case("folded field by a tab", get("Host: a\r\nA: b\r\n\tc\r\n"), .headerField),
        Case("first field folded", get(" Host: a\r\n"), .headerField),
        Case("space before the colon", get("Host: a\r\nA : b\r\n"), .headerField),
        Case("tab before the colon", get("Host: a\r\nA\t: b\r\n"), .headerField),
        Case("NUL in a value", get("Host: a\r\nA: b\u{0}c\r\n"), .headerField),
        Case("control character in a value", get("Host: a\r\nA: \u{1}\r\n"), .headerField),
        Case("DEL in a long value", get("Host: a\r\nA: 12345678901\u{7F}34567890\r\n"), .headerField),
        Case("ESC in a long value", get("Host: a\r\nA: 123456789012\u{1B}4567890\r\n"), .headerField),
        Case("no colon", get("Host: a\r\nA\r\n"), .headerField),
        Case("no name", get("Host: a\r\n: b\r\n"), .headerField),
        Case("name with a slash", get("Host: a\r\nA/B: c\r\n"), .headerField),
        Case("name with parentheses", get("Host: a\r\nA(B): c\r\n"), .headerField),
        Case("name that is not ASCII", get("Host: a\r\nÄ: c\r\n"), .headerField),
        Case("NUL in a name", get("Host: a\r\nA\u{0}B: c\r\n"), .headerField),
        Case("Connection with no token", get("Host: a\r\nConnection: a b\r\n"), .headerField),
        Case(
            "101 fields", get("Host: a\r\n" + String(repeating: "A: b\r\n", count: 100)), .headersTooLarge),
        Case(
            "dropped fields count too", get("Host: a\r\n" + String(repeating: "A_B: c\r\n", count: 100)),
            .headersTooLarge),
        Case(
            "over 16 KiB", get("Host: a\r\nA: \(String(repeating: "b", count: 16_384))\r\n"), .headersTooLarge
        ),
        Case(
            "over 16 KiB without an end", "GET / HTTP/1.1\r\nA: \(String(repeating: "b", count: 16_400))",
            .headersTooLarge),
    ]

    static let hosts: [Case] = [
        Case("no Host", get("A: b\r\n"), .host),
        Case("two Hosts", get("Host: a\r\nHost: a\r\n"), .host),
        Case("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .host),
        Case("empty Host", get("Host:\r\n"), .host),
        Case("blank Host", get("Host:  \t\r\n"), .host),
        Case("Host with user info", get("Host: u@a\r\n"), .host),
        Case("Host with a path", get("Host: a/b\r\n"), .host),
        Case("Host as a list", get("Host: a, b\r\n"), .host),
        Case("Host as a list without space", get("Host: a,b\r\n"), .host),
        Case("Host with a query", get("Host: a?b\r\n"), .host),
        Case("Host with an escape", get("Host: a%2Fb\r\n"), .host),
        Case("Host with a word port", get("Host: a:http\r\n"), .host),
        Case("Host with a port over 65535", get("Host: a:65536\r\n"), .host),
        Case("Host with only a port", get("Host: :80\r\n"), .host),
        Case("Host with half a bracket", get("Host: [::1\r\n"), .host),
        Case("Host with a name in brackets", get("Host: [name]\r\n"), .host),
        Case("Host with two ports", get("Host: a:1:2\r\n"), .host),
        Case("absolute form and another Host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", .host),
        Case("absolute form and another port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", .host),
        Case("absolute form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", .host),
    ]

    static let lines: [Case] = [
        Case("two spaces before the target", line("GET  / HTTP/1.1"), .requestLine),
        Case("two spaces before the version", line("GET /  HTTP/1.1"), .requestLine),
        Case("space at the end", line("GET / HTTP/1.1 "), .requestLine),
        Case("space at the start", line(" GET / HTTP/1.1"), .requestLine),
        Case("tab for a space", line("GET\t/ HTTP/1.1"), .requestLine),
        Case("space in the target", line("GET /a b HTTP/1.1"), .requestLine),
        Case("no target", line("GET HTTP/1.1"), .requestLine),
        Case("no method", line("/ HTTP/1.1"), .requestLine),
        Case("HTTP/0.9 as it was", "GET /\r\n", .requestLine),
        Case("version in small letters", line("GET / http/1.1"), .requestLine),
        Case("version 1.10", line("GET / HTTP/1.10"), .requestLine),
        Case("version 1.", line("GET / HTTP/1."), .requestLine),
        Case("version 11", line("GET / HTTP/1,1"), .requestLine),
        Case("bare LF", "GET / HTTP/1.1\nHost: a\n\n", .requestLine),
        Case("bare CR", "GET / HTTP/1.1\rHost: a\r\n\r\n", .requestLine),
        Case("two empty lines before it", "\r\n\r\n" + get("Host: a\r\n"), .requestLine),
        Case("empty line of a bare LF before it", "\n" + get("Host: a\r\n"), .requestLine),
        Case("bare LF behind an empty line before it", "\r\n\n" + get("Host: a\r\n"), .requestLine),
        Case("bare CR before it", "\r" + get("Host: a\r\n"), .requestLine),
        Case("TLS", "\u{16}\u{3}\u{1}", .requestLine),
        Case("NUL", "\u{0}", .requestLine),
        Case("HTTP/0.9", line("GET / HTTP/0.9"), .version),
        Case("HTTP/1.2", line("GET / HTTP/1.2"), .version),
        Case("HTTP/2.0", line("GET / HTTP/2.0"), .version),
        Case("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .version),
        Case("unknown method", line("BREW / HTTP/1.1"), .method),
        Case("method in small letters", line("get / HTTP/1.1"), .method),
        Case(
            "target over 8 KiB", line("GET /\(String(repeating: "a", count: 8192)) HTTP/1.1"), .targetTooLong),
        Case("target without an end", "GET /\(String(repeating: "a", count: 8300))", .targetTooLong),
    ]

    @Test(
        "a broken request is refused with its own reason",
        arguments: framing + chunks + fields + hosts + lines)
    func refused(_ test: Case) {
        let run = ParserRun(test.bytes)
        #expect(run.failure == test.failure)
        #expect(run.ends == 0)
    }

    @Test("nothing is read behind a broken request")
    func nothingFollows() {
        let good = RefusedRequestTests.get("Host: a\r\n")
        let run = ParserRun([
            Array(good.utf8), Array(RefusedRequestTests.get("A: b\r\n").utf8), Array(good.utf8),
            Array(good.utf8),
        ])
        #expect(run.heads.count == 1)
        #expect(run.ends == 1)
        #expect(run.failure == .host)
    }

    @Test("memory of a broken head does not grow with what is sent behind it")
    func keepsNothing() {
        var parser = RequestParser()
        var offset = 0
        let bytes = Array("GET / HTTP/1.1\r\nHost:\r\n".utf8)
        bytes.withUnsafeBytes { bytes in
            _ = parser.next(bytes, &offset)
            _ = parser.next(bytes, &offset)
        }
        #expect(parser.state == .failed(.host))
        #expect(parser.packed.count < 64)
    }
}
