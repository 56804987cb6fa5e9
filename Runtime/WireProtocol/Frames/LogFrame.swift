/// LOG: a line for the log; its frame's stream names the request that it belongs to, 0 none.
public struct LogFrame: Sendable, Equatable {
    /// A name and a value beside the message.
    public struct Field: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value as text.
        public var value: String

        /// A field; see the properties.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How much it matters.
    public var level: LogLevel
    /// The message.
    public var message: String
    /// Names and values beside it, in order.
    public var metadata: [Field]

    /// A line; see the properties.
    public init(level: LogLevel, message: String, metadata: [Field] = []) {
        self.level = level
        self.message = message
        self.metadata = metadata
    }

    /// Reads a payload.
    public init(payload: UnsafeRawBufferPointer) throws(FrameError) {
        var reader = ByteReader(payload)
        guard let level = LogLevel(rawValue: try reader.integer(UInt8.self)) else {
            throw .invalidField("level")
        }
        self.level = level
        message = try reader.text()
        let count = try reader.listCount(atLeast: 8)
        metadata = []
        for _ in 0..<count { metadata.append(Field(try reader.text(), try reader.text())) }
        try reader.finish()
    }

    /// Adds the frame to `out`; false, and nothing is added, when it would be too long.
    @discardableResult
    public func encode(stream: StreamID, into out: inout FrameBuffer) -> Bool {
        let mark = out.beginFrame(.log, stream: stream)
        out.append(integer: level.rawValue)
        out.append(text: message)
        out.append(integer: UInt32(truncatingIfNeeded: metadata.count))
        for field in metadata {
            out.append(text: field.name)
            out.append(text: field.value)
        }
        return out.endFrame(mark)
    }
}
