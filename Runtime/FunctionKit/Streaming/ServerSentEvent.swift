/// One event of an event stream (WHATWG HTML, section 9.2).
public struct ServerSentEvent: Sendable, Hashable {
    /// The event's type; nil is `message` to the client. Line breaks in it are left out.
    public var event: String?
    /// The text; each of its lines becomes a `data` field, and reaches the client as it was, with LF between lines.
    public var data: String
    /// What the client sends as `Last-Event-ID` when it connects again; nil leaves it as it was. Line breaks and NUL in
    /// it are left out.
    public var id: String?
    /// After how long the client is to connect again once the stream has ended, in whole milliseconds; nil: as before.
    public var retry: Duration?

    /// An event; see the properties.
    public init(_ data: String, event: String? = nil, id: String? = nil, retry: Duration? = nil) {
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry
    }

    /// The event as it is sent, with the empty line at its end.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 32)
        if let event { EventText.append("event", event, to: &bytes) }
        if let id { EventText.append("id", id, to: &bytes) }
        if let retry {
            let (seconds, attoseconds) = retry.components
            let milliseconds = max(0, seconds) * 1000 + max(0, attoseconds) / 1_000_000_000_000_000
            EventText.append("retry", String(milliseconds), to: &bytes)
        }
        EventText.append(lines: "data: ", data, to: &bytes)
        bytes.append(10)
        return bytes
    }
}

/// The lines of an event stream.
enum EventText {
    /// One field on one line, whatever the value holds.
    static func append(_ name: StaticString, _ value: String, to bytes: inout [UInt8]) {
        append(name, to: &bytes)
        bytes.append(58)
        bytes.append(32)
        for byte in value.utf8 where byte != 10 && byte != 13 && byte != 0 { bytes.append(byte) }
        bytes.append(10)
    }

    /// A line for each line of the text; CR LF, CR and LF end one.
    static func append(lines prefix: StaticString, _ text: String, to bytes: inout [UInt8]) {
        append(prefix, to: &bytes)
        var afterReturn = false
        for byte in text.utf8 {
            if byte == 13 || byte == 10 && !afterReturn {
                bytes.append(10)
                append(prefix, to: &bytes)
            } else if byte != 10 {
                bytes.append(byte)
            }
            afterReturn = byte == 13
        }
        bytes.append(10)
    }

    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
