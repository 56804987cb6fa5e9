import NIOCore
import Testing
import WireProtocol

@testable import HTTPServing

struct ResponseWriterTests {
    static let date = Array("date: D\r\n".utf8)

    static func head(
        _ status: Status, _ headers: HeaderList = HeaderList(), framing: ResponseWriter.Framing = .length(0),
        connection: ResponseWriter.ConnectionOption = .none
    ) -> (text: String, fault: ResponseFault?) {
        var out = ByteBuffer()
        let fault = ResponseWriter.writeHead(
            status, headers, framing: framing, connection: connection, date: date, into: &out)
        return (String(buffer: out), fault)
    }

    @Test("a head has its status line, the date, the handler's fields and the framing, and no Server")
    func whole() {
        let headers: HeaderList = ["content-type": "text/plain", "set-cookie": "a=1", "set-cookie": "b=2"]
        #expect(
            ResponseWriterTests.head(.ok, headers, framing: .length(1_234_567)).text
                == "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"
                + "date: D\r\ncontent-length: 1234567\r\n\r\n")
    }

    @Test(
        "a status without a line of its own is written too", arguments: [202, 404, 418, 599, 299] as [UInt16])
    func statuses(_ code: UInt16) {
        let status = Status(code)
        #expect(ResponseWriterTests.head(status).text.hasPrefix("HTTP/1.1 \(code) \(status.reason)\r\n"))
    }

    @Test("the largest length fits")
    func largest() {
        #expect(
            ResponseWriterTests.head(.ok, framing: .length(.max)).text.contains(
                "content-length: 9223372036854775807\r\n"))
    }

    @Test("the connection's end or life is said where it must be")
    func connection() {
        #expect(ResponseWriterTests.head(.ok, connection: .close).text.contains("\r\nconnection: close\r\n"))
        #expect(
            ResponseWriterTests.head(.ok, connection: .keepAlive).text.contains(
                "\r\nconnection: keep-alive\r\n"))
    }

    @Test("a date of the handler's stays alone")
    func ownDate() {
        let text = ResponseWriterTests.head(.ok, ["date": "then"]).text
        #expect(text.contains("date: then\r\n"))
        #expect(!text.contains("date: D"))
    }

    @Test("framing is chosen by status, length and version")
    func framing() {
        #expect(ResponseWriter.framing(.ok, length: 5, isVersion10: false) == .length(5))
        #expect(ResponseWriter.framing(.ok, length: nil, isVersion10: false) == .chunked)
        #expect(ResponseWriter.framing(.ok, length: nil, isVersion10: true) == .untilClose)
        #expect(ResponseWriter.framing(.noContent, length: 5, isVersion10: false) == .none)
        #expect(ResponseWriter.framing(.notModified, length: nil, isVersion10: false) == .none)
        #expect(
            ResponseWriterTests.head(.noContent, framing: .none).text
                == "HTTP/1.1 204 No Content\r\ndate: D\r\n\r\n")
    }

    @Test(
        "a handler's field that would break or bend the message is refused, and nothing of it is written",
        arguments: [
            ("x", "a\r\nset-cookie: b", ResponseFault.field), ("x", "a\nb", .field), ("x", "a\rb", .field),
            ("x", "a\u{0}b", .field), ("x", "1234567890\u{7F}", .field), ("x y", "a", .field),
            ("x:", "a", .field),
            ("x\r\ny", "a", .field), ("ä", "a", .field), ("content-length", "5", .framing),
            ("Content-Length", "5", .framing), ("transfer-encoding", "chunked", .framing),
            ("connection", "close", .framing), ("keep-alive", "5", .framing), ("upgrade", "h2c", .framing),
        ])
    func refusedFields(_ name: String, _ value: String, _ fault: ResponseFault) {
        var headers: HeaderList = ["a": "b"]
        headers.append(name, value)
        let head = ResponseWriterTests.head(.ok, headers)
        #expect(head.fault == fault)
        #expect(head.text.isEmpty)
    }

    @Test(
        "a status that is no final one is refused", arguments: [0, 42, 100, 101, 199, 600, 1000] as [UInt16])
    func refusedStatuses(_ code: UInt16) {
        let head = ResponseWriterTests.head(Status(code))
        #expect(head.fault == .status)
        #expect(head.text.isEmpty)
    }

    @Test("chunks have their length in hexadecimal, and an empty one is not written")
    func chunks() {
        var out = ByteBuffer()
        Array(repeating: UInt8(0x61), count: 26).withUnsafeBytes { ResponseWriter.writeChunk($0, into: &out) }
        ResponseWriter.writeChunk(UnsafeRawBufferPointer(start: nil, count: 0), into: &out)
        ResponseWriter.writeLastChunk(into: &out)
        #expect(String(buffer: out) == "1a\r\n\(String(repeating: "a", count: 26))\r\n0\r\n\r\n")
    }

    @Test(
        "a date is that of RFC 9110, leap years and all",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ])
    func dates(_ seconds: Int, _ text: String) {
        #expect(DateField.text(seconds) == text)
        var field = DateField()
        field.refresh(at: seconds)
        #expect(String(decoding: field.line, as: UTF8.self) == "date: \(text)\r\n")
    }
}
