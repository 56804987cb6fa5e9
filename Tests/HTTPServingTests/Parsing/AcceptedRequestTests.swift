import Testing
import WireProtocol

@testable import HTTPServing

struct AcceptedRequestTests {
    @Test("a request is taken apart")
    func whole() throws {
        let run = ParserRun(
            "POST /a/b?c=%20d&e HTTP/1.1\r\nHost: example.com:8080\r\nContent-Type:  text/plain \t\r\n"
                + "X-Empty:\r\nContent-Length: 5\r\n\r\nhello")
        let head = try #require(run.heads.first)
        #expect(run.failure == nil)
        #expect(head.method == .post)
        #expect(run.path == "/a/b")
        #expect(String(decoding: head.query, as: UTF8.self) == "c=%20d&e")
        #expect(
            head.headers == [
                "host": "example.com:8080", "content-type": "text/plain", "x-empty": "",
                "content-length": "5",
            ])
        #expect(head.headers.count == 4)
        #expect(head.contentLength == 5)
        #expect(head.keepsAlive)
        #expect(run.bodies == [Array("hello".utf8)])
        #expect(run.ends == 1)
    }

    @Test("every method that the runtime knows is read", arguments: Method.allCases.filter { $0 != .connect })
    func methods(_ method: Method) {
        #expect(ParserRun("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n").heads.first?.method == method)
    }

    @Test("CONNECT and OPTIONS * have the path *")
    func asterisk() {
        let connect = ParserRun("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
        #expect(connect.heads.first?.method == .connect)
        #expect(connect.path == "*")
        #expect(ParserRun("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path == "*")
        #expect(ParserRun("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").path == "*")
    }

    @Test(
        "a host that names one server is accepted",
        arguments: [
            "a", "A.example", "127.0.0.1:80", "[::1]", "[::1]:8080", "a_b.example", "a:", "xn--a.b:65535",
        ])
    func hosts(_ host: String) {
        #expect(ParserRun("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").heads.first?.headers["host"] == host)
    }

    @Test("HTTP/1.0 may come without Host, and ends its connection unless it says otherwise")
    func version10() {
        let plain = ParserRun("GET / HTTP/1.0\r\n\r\n")
        #expect(plain.heads.first?.isVersion10 == true)
        #expect(plain.heads.first?.keepsAlive == false)
        let kept = ParserRun("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        #expect(kept.heads.first?.keepsAlive == true)
    }

    @Test(
        "Connection: close in any form ends the connection",
        arguments: ["close", "Close", "keep-alive, close", " , close,", "close, x-a"])
    func close(_ value: String) {
        let run = ParserRun("GET / HTTP/1.1\r\nHost: a\r\nConnection: \(value)\r\n\r\n")
        #expect(run.heads.first?.keepsAlive == false)
    }

    @Test("the absolute form is read where its authority is that of Host, in any letter case")
    func absolute() {
        let run = ParserRun("GET HTTP://A.example:80/x/../y?z HTTP/1.1\r\nHost: a.EXAMPLE:80\r\n\r\n")
        #expect(run.path == "/y")
        #expect(run.heads.first?.query == Array("z".utf8))
        #expect(ParserRun("GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n").path == "/")
        #expect(ParserRun("GET http://a HTTP/1.0\r\n\r\n").path == "/")
    }

    @Test("a chunked body is decoded; extensions and trailers are read and dropped")
    func chunked() {
        let run = ParserRun(
            "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "5\r\nhello\r\n00A;x=\"y z\"\r\n, chunked \r\n1 ; a\r\n!\r\n0;last\r\nX-T: 1\r\nX-U:\r\n\r\n"
                + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(run.failure == nil)
        #expect(run.bodies.first == Array("hello, chunked !".utf8))
        #expect(run.heads.first?.contentLength == .some(nil))
        #expect(run.heads.first?.headers.contains("x-t") == false)
        #expect(run.heads.first?.headers.contains("transfer-encoding") == false)
        #expect(run.ends == 2)
    }

    @Test(
        "a chunk's extensions may have values, quotes and blanks in their places",
        arguments: [
            ";a", ";a=b", ";a;b;c=d", ";a=\"b;c=d\"", ";a=\"\"", ";a=\"\\\"\\\\\"", " \t; a\t= b ;c", ";a=\"é\t\"",
            ";!#$=1",
        ])
    func extensions(_ text: String) {
        let run = ParserRun(
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\(text)\r\nx\r\n0\(text)\r\n\r\n")
        #expect(run.failure == nil)
        #expect(run.bodies == [Array("x".utf8)])
        #expect(run.ends == 1)
    }

    @Test("an expectation of 100 is told, except of HTTP/1.0 or without a body")
    func expectation() {
        let fields = "Host: a\r\nExpect: 100-Continue\r\nContent-Length: "
        #expect(ParserRun("PUT / HTTP/1.1\r\n\(fields)1\r\n\r\n").heads.first?.expectsContinue == true)
        #expect(ParserRun("PUT / HTTP/1.0\r\n\(fields)1\r\n\r\n").heads.first?.expectsContinue == false)
        #expect(ParserRun("PUT / HTTP/1.1\r\n\(fields)0\r\n\r\n").heads.first?.expectsContinue == false)
    }

    @Test("one empty line before a request line is skipped")
    func emptyLine() {
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(ParserRun("\r\n\(get)\r\n\(get)").ends == 2)
    }

    @Test("hop-by-hop and internal fields are dropped, and those with an underscore")
    func dropped() {
        let run = ParserRun(
            "GET / HTTP/1.1\r\nHost: a\r\nSwiftlet-Caller: root\r\nSWIFTLET-X: 1\r\nX_User: root\r\nProxy: evil\r\n"
                + "TE: trailers\r\nTrailer: a\r\nUpgrade: h2c\r\nKeep-Alive: 5\r\nProxy-Connection: close\r\n"
                + "Proxy-Authorization: b\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n")
        #expect(run.heads.first?.headers == ["host": "a", "accept": "*/*"])
    }

    @Test("a nominated field goes, but never what decides about the caller")
    func nominated() {
        let run = ParserRun(
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\nX-Forwarded-For: 1.2.3.4\r\nX-Hop: 1\r\n"
                + "Connection: authorization, x-forwarded-for, X-HOP, host\r\nX-Stay: 2\r\n\r\n")
        #expect(
            run.heads.first?.headers == [
                "host": "a", "authorization": "Bearer t", "x-forwarded-for": "1.2.3.4", "x-stay": "2",
            ])
    }

    @Test("a hundred fields and 16 KiB of them, and a target of 8 KiB, are still accepted")
    func limits() {
        let hundred = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A: b\r\n", count: 99) + "\r\n"
        #expect(ParserRun(hundred).heads.first?.headers.count == 100)
        let rest = 16_384 - "Host: a\r\nA: \r\n\r\n".utf8.count
        let large = "GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "b", count: rest))\r\n\r\n"
        #expect(ParserRun(large).ends == 1)
        let long = "GET /\(String(repeating: "a", count: 8191)) HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(ParserRun(long).ends == 1)
    }

    @Test("bytes above 127 in a value are kept as they are")
    func opaque() {
        let bytes =
            Array("GET / HTTP/1.1\r\nHost: a\r\nA: ".utf8) + [0xFF, 0x80, 0x09, 0xC3] + Array("\r\n\r\n".utf8)
        let value = ParserRun([bytes]).heads.first?.headers.withFirst("a") { [UInt8]($0) }
        #expect(value == [0xFF, 0x80, 0x09, 0xC3])
    }
}
