extension RefusalCase {
    /// Every case.
    public static let all = framing + chunks + fields + hosts + lines + targets + limits

    /// What contradicts itself on the body's length, or says it in a form of its own.
    static let framing: [RefusalCase] = [
        .init(
            "a length and a coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "framing"
        ),
        .init(
            "a coding and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), "framing"
        ),
        .init("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "12345"), "framing"),
        .init("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "12345"), "framing"),
        .init("length +5", post("Content-Length: +5\r\n", "12345"), "framing"),
        .init("length 5,5", post("Content-Length: 5,5\r\n", "12345"), "framing"),
        .init("length 0x5", post("Content-Length: 0x5\r\n", "12345"), "framing"),
        .init("length -1", post("Content-Length: -1\r\n"), "framing"),
        .init("length 2^63", post("Content-Length: 9223372036854775808\r\n"), "framing"),
        .init("length over 2^64", post("Content-Length: 18446744073709551621\r\n", "12345"), "framing"),
        .init("empty length", post("Content-Length:\r\n"), "framing"),
        .init("empty coding", post("Transfer-Encoding:\r\n"), "framing"),
        .init("coding xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), "framing"),
        .init("coding chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), "framing"),
        .init("coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "framing"),
        .init("coding in HTTP/1.0", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", version: "1.0"), "framing"),
        .init("unknown coding", post("Transfer-Encoding: br, chunked\r\n", "0\r\n\r\n"), "transferCoding"),
        .init("unknown Expect", post("Expect: 200-ok\r\nContent-Length: 1\r\n", "a"), "expectation"),
    ]

    /// Chunks that are none; the head before them is a good one.
    static let chunks: [RefusalCase] = [
        .init("chunk size 0x1", chunked("0x1\r\na\r\n0\r\n\r\n"), "chunk"),
        .init("chunk size with a space before", chunked(" 5\r\nabcde\r\n0\r\n\r\n"), "chunk"),
        .init("chunk size with a space behind", chunked("5 \r\nabcde\r\n0\r\n\r\n"), "chunk"),
        .init("chunk size of 64 bits", chunked("FFFFFFFFFFFFFFFF\r\n"), "chunk"),
        .init("chunk size that wraps to 1", chunked("10000000000000001\r\na\r\n0\r\n\r\n"), "chunk"),
        .init("chunk size with a sign", chunked("+5\r\nabcde\r\n0\r\n\r\n"), "chunk"),
        .init("chunk without CRLF", chunked("1\r\nab0\r\n\r\n"), "chunk"),
        .init("chunk that ends in a bare LF", chunked("1\r\na\n0\r\n\r\n"), "chunk"),
        .init("bare LF in an extension", chunked("1;a=\nb\r\nx\r\n0\r\n\r\n"), "chunk"),
        .init("bare CR in an extension", chunked("1;a=\rb\r\nx\r\n0\r\n\r\n"), "chunk"),
        .init("NUL in an extension", chunked("1;a=\u{0}\r\nx\r\n0\r\n\r\n"), "chunk"),
        .init("DEL in an extension", chunked("1;a=\u{7F}\r\nx\r\n0\r\n\r\n"), "chunk"),
        .init("extensions without a name", chunked("1;;;\r\nx\r\n0\r\n\r\n"), "chunk"),
        .init("bare LF behind the last chunk", chunked("0\r\n\n"), "chunk"),
        .init("folded trailer", chunked("0\r\na: b\r\n c\r\n\r\n"), "chunk"),
    ]

    /// Header fields that other programs may read otherwise than we do.
    static let fields: [RefusalCase] = [
        .init("bare CR in a value", get("Host: a\r\nA: b\rc\r\n"), "headerField"),
        .init("bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n", "headerField"),
        .init("bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", "headerField"),
        .init("folded field", get("Host: a\r\nA: b\r\n c\r\n"), "headerField"),
        .init("field folded by a tab", get("Host: a\r\nA: b\r\n\tc\r\n"), "headerField"),
        .init("first field folded", get(" Host: a\r\n"), "headerField"),
        .init("space before the colon", get("Host: a\r\nContent-Length : 5\r\n"), "headerField"),
        .init("tab before the colon", get("Host: a\r\nA\t: b\r\n"), "headerField"),
        .init("NUL in a value", get("Host: a\r\nA: b\u{0}c\r\n"), "headerField"),
        .init("control character in a value", get("Host: a\r\nA: b\u{1}c\r\n"), "headerField"),
        .init("DEL in a value", get("Host: a\r\nA: b\u{7F}c\r\n"), "headerField"),
        .init("name with a slash", get("Host: a\r\nA/B: c\r\n"), "headerField"),
        .init("name that is not ASCII", get("Host: a\r\nÄ: c\r\n"), "headerField"),
        .init("NUL in a name", get("Host: a\r\nA\u{0}: c\r\n"), "headerField"),
        .init("no name", get("Host: a\r\n: b\r\n"), "headerField"),
        .init("no colon", get("Host: a\r\nA\r\n"), "headerField"),
    ]

    static let hosts: [RefusalCase] = [
        .init("no Host", get("A: b\r\n"), "host"),
        .init("two Hosts", get("Host: a\r\nHost: b\r\n"), "host"),
        .init("two equal Hosts", get("Host: a\r\nHost: a\r\n"), "host"),
        .init("empty Host", get("Host:\r\n"), "host"),
        .init("empty Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost:\r\n\r\n", "host"),
        .init("Host with user info", get("Host: user@a\r\n"), "host"),
        .init("Host with a path", get("Host: a/b\r\n"), "host"),
        .init("Host as a list", get("Host: a, b\r\n"), "host"),
        .init("absolute form of another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "host"),
        .init("absolute form of another port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", "host"),
    ]

    static let lines: [RefusalCase] = [
        .init("two spaces before the target", line("GET  / HTTP/1.1"), "requestLine"),
        .init("two spaces before the version", line("GET /  HTTP/1.1"), "requestLine"),
        .init("space behind the version", line("GET / HTTP/1.1 "), "requestLine"),
        .init("space before the method", line(" GET / HTTP/1.1"), "requestLine"),
        .init("tab for a space", line("GET\t/ HTTP/1.1"), "requestLine"),
        .init("bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "requestLine"),
        .init("bare CR behind the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", "requestLine"),
        .init("HTTP/0.9 as it was", "GET /\r\n", "requestLine"),
        .init("the first byte of TLS", "\u{16}\u{3}\u{1}", "requestLine"),
        .init("version 0.9", line("GET / HTTP/0.9"), "version"),
        .init("version 2.0", line("GET / HTTP/2.0"), "version"),
        .init("version 1.2", line("GET / HTTP/1.2"), "version"),
        .init("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "version"),
        .init("unknown method", line("BREW / HTTP/1.1"), "method"),
        .init("method in small letters", line("get / HTTP/1.1"), "method"),
    ]

    static let targets: [RefusalCase] = [
        "/..", "/../hello", "/%2e%2e", "/%2E%2e/hello", "/.%2e/hello", "/hello/../../hello", "//..", "/hello%2fx",
        "/hello%2Fx", "/hello%5cx", "/%5C..", "/hello\\x", "/..\\hello", "/hello%00", "/%00", "/hello%", "/hello%4",
        "/hello%zz", "/%c0%ae%c0%ae/hello", "/%c0%af", "/%e0%80%af", "/%ff", "/%ed%a0%80", "/hello/%80", "/hello#x",
        "hello", "*", "ftp://a/hello", "http://user@a/hello",
    ].map { .init("target \($0)", line("GET \($0) HTTP/1.1"), "target") }

    /// What is too much; of each there is more than the front door needs to see.
    public static let limits: [RefusalCase] = [
        .init("101 fields", get("Host: a\r\n" + String(repeating: "A: b\r\n", count: 100)), "headersTooLarge"),
        .init(
            "101 fields that are dropped", get("Host: a\r\n" + String(repeating: "A_B: c\r\n", count: 100)),
            "headersTooLarge"),
        .init(
            "over 16 KiB of fields",
            get("Host: a\r\n" + String(repeating: "A: \(String(repeating: "b", count: 1000))\r\n", count: 20)),
            "headersTooLarge"),
        .init(
            "one field over 16 KiB", get("Host: a\r\nA: \(String(repeating: "b", count: 20_000))\r\n"),
            "headersTooLarge"),
        .init("target over 8 KiB", line("GET /\(String(repeating: "a", count: 8192)) HTTP/1.1"), "targetTooLong"),
        .init("query over 8 KiB", line("GET /?\(String(repeating: "a", count: 8192)) HTTP/1.1"), "targetTooLong"),
        .init("64 KiB of a chunk extension", chunked("1;\(String(repeating: "a", count: 65_536))\r\nx\r\n"), "chunk"),
        .init(
            "chunk extensions that add up to 64 KiB",
            chunked(String(repeating: "1;\(String(repeating: "a", count: 2048))\r\nx\r\n", count: 32)), "chunk"),
        .init(
            "over 8 KiB of trailers",
            chunked("0\r\n" + String(repeating: "A: \(String(repeating: "b", count: 100))\r\n", count: 90)), "chunk"),
    ]
}
