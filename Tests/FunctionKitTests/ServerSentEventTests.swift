import FunctionKit
import Testing

@Suite("Server-sent events")
struct ServerSentEventTests {
    @Test(
        "an event is one field a line, whatever its text holds",
        arguments: [
            (ServerSentEvent("hello"), "data: hello\n\n"), (ServerSentEvent(""), "data: \n\n"),
            (ServerSentEvent("a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
            (ServerSentEvent("a\n"), "data: a\ndata: \n\n"),
            (ServerSentEvent("\r\n\r\n"), "data: \ndata: \ndata: \n\n"),
            (
                ServerSentEvent("x", event: "tick", id: "7", retry: .seconds(3)),
                "event: tick\nid: 7\nretry: 3000\ndata: x\n\n"
            ),
            (
                ServerSentEvent("x", event: "a\ndata: forged", id: "1\r\n\r\nevent: forged\0"),
                "event: adata: forged\nid: 1event: forged\ndata: x\n\n"
            ),
            (ServerSentEvent("ü€😀", retry: .milliseconds(-1)), "retry: 0\ndata: ü€😀\n\n"),
            (ServerSentEvent("x", event: "", id: ""), "event: \nid: \ndata: x\n\n"),
        ])
    func encoding(event: ServerSentEvent, text: String) {
        #expect(String(decoding: event.encoded, as: UTF8.self) == text)
    }

    @Test("an event stream says what it is, and is neither kept nor buffered on its way")
    func head() {
        let stream = EventStream { _ in }.stream
        #expect(stream.headers["content-type"] == "text/event-stream")
        #expect(stream.headers["cache-control"] == "no-store")
        #expect(stream.headers["x-accel-buffering"] == "no")
        #expect(stream.contentLength == nil && stream.status == .ok)
        let own = EventStream(headers: ["Cache-Control": "no-cache"]) { _ in }.stream
        #expect(own.headers.values("cache-control") == ["no-cache"])
    }

    @Test("a stream under test tells its events")
    func events() async throws {
        let stream = EventStream { events in
            try await events.comment("a comment\nof two lines")
            try await events.send(ServerSentEvent("one\ntwo", event: "e", id: "1", retry: .seconds(1)))
            try await events.send(json: ["a": 1])
        }
        #expect(
            try await stream.events() == [
                ServerSentEvent("one\ntwo", event: "e", id: "1", retry: .seconds(1)), ServerSentEvent(#"{"a":1}"#),
            ])
    }

    @Test("an endless stream under test is stopped as by a client that goes away")
    func endless() async throws {
        let stream = EventStream { events in
            while true { try await events.send(ServerSentEvent("again")) }
        }
        #expect(try await stream.events(limit: 3).count == 3)
    }
}
