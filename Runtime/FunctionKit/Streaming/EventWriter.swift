import JSONCoding

/// What an event stream's events are written to; waits and throws as `ByteWriter.write`.
public struct EventWriter: Sendable {
    let writer: ByteWriter

    /// Sends an event.
    nonisolated(nonsending) public func send(_ event: ServerSentEvent) async throws {
        try await writer.write(event.encoded)
    }

    /// Sends an event whose data is a value as JSON. Throws when the value cannot be encoded.
    nonisolated(nonsending) public func send<Value: Encodable>(
        json value: Value, event: String? = nil, id: String? = nil
    ) async throws {
        let data = String(decoding: try JSONEncoding.encode(value), as: UTF8.self)
        try await send(ServerSentEvent(data, event: event, id: id))
    }

    /// Sends a comment, which clients ignore.
    nonisolated(nonsending) public func comment(_ text: String) async throws {
        var bytes: [UInt8] = []
        EventText.append(lines: ": ", text, to: &bytes)
        bytes.append(10)
        try await writer.write(bytes)
    }
}
