/// A response of server-sent events (WHATWG HTML, section 9.2), for browsers' `EventSource`.
///
///     EventStream { events in
///         for try await change in changes { try await events.send(ServerSentEvent(change.text, id: change.id)) }
///     }
///
/// It is `text/event-stream`, `Cache-Control: no-store` and `X-Accel-Buffering: no`, and its head goes out at once. A
/// client that connects again after a break says in `Last-Event-ID` where it was.
public struct EventStream: StreamingOutput {
    /// The stream of bytes that it is.
    public var stream: ByteStream

    /// A stream that `events` writes. A comment is sent after `keepAlive` without an event, so that nothing between takes
    /// the connection for dead; 15 s unless told otherwise, nil: never. A field of `headers` wins over one of its own.
    public init(
        keepAlive: Duration? = .seconds(15), headers: HeaderList = HeaderList(),
        _ events: @escaping @Sendable (EventWriter) async throws -> Void
    ) {
        stream = ByteStream(contentType: "text/event-stream", headers: headers) { writer in
            try await events(EventWriter(writer: writer))
        }
        if !headers.contains("cache-control") { stream.headers.append("cache-control", "no-store") }
        if !headers.contains("x-accel-buffering") { stream.headers.append("x-accel-buffering", "no") }
        stream.beginsAtOnce = true
        stream.keepAlive = keepAlive.map { (every: $0, bytes: Array(": keep-alive\n\n".utf8)) }
    }

    /// The answer to a client that need not ask again: 204 without a body and its type, after which an `EventSource` does not
    /// connect any more (WHATWG HTML, section 9.2.3).
    public static var finished: EventStream {
        var finished = EventStream(keepAlive: nil) { _ in }
        finished.stream.status = .noContent
        finished.stream.headers = ["cache-control": "no-store"]
        return finished
    }

    /// A stream of events that come from somewhere else.
    public init<Events: AsyncSequence & Sendable>(
        keepAlive: Duration? = .seconds(15), headers: HeaderList = HeaderList(), events: Events
    ) where Events.Element == ServerSentEvent {
        self.init(keepAlive: keepAlive, headers: headers) { writer in
            for try await event in events { try await writer.send(event) }
        }
    }
}
