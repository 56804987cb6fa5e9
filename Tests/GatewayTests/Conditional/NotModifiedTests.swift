import Testing
import WireProtocol

@testable import Gateway

@Suite("304")
struct NotModifiedTests {
    private static let whole: HeaderList = [
        "content-type": "application/json", "etag": #""a""#, "last-modified": "Sun, 06 Nov 1994 08:49:37 GMT",
        "cache-control": "private, no-cache", "vary": "accept-language", "expires": "0",
        "content-location": "/users/1", "content-encoding": "br", "content-language": "de",
        "content-length": "5", "content-security-policy": "default-src 'none'", "accept-ranges": "bytes",
        "set-cookie": "a=1", "age": "3", "cache-status": "swiftlet; hit; ttl=12", "x-total": "9",
        "access-control-allow-origin": "*", "ratelimit": "x",
    ]

    @Test("a 304 has no body and keeps what is said about the answer, not what describes its body")
    func fields() {
        let response = NotModified.response(Self.whole)
        #expect(response.status == .notModified)
        #expect(response.body.isEmpty)
        #expect(
            response.headers.fields.map(\.name) == [
                "etag", "cache-control", "vary", "expires", "content-location", "content-security-policy",
                "set-cookie", "age", "cache-status", "x-total", "access-control-allow-origin", "ratelimit",
            ])
        #expect(response.headers["etag"] == #""a""#)
    }

    @Test("a 304 for what would have been compressed has the compressed one's tag")
    func compressed() {
        #expect(NotModified.response(Self.whole, isCompressed: true).headers["etag"] == #""a-gzip""#)
    }

    @Test("without a tag the date stays: it is all the client has")
    func date() {
        let response = NotModified.response(["last-modified": "x", "content-type": "a/b"])
        #expect(response.headers == ["last-modified": "x"])
    }
}
