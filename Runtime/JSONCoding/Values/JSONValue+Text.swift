extension JSONValue {
    /// Reads one JSON document.
    ///
    /// - Parameters:
    ///   - bytes: the text, UTF-8 without a byte-order mark.
    ///   - limits: what the document may cost; the default allows a depth of 128 and 64 MiB.
    /// - Throws: `JSONDecodingError` with the byte offset of the fault if the text is not RFC 8259 JSON, has a key
    ///   twice in one object, or exceeds a limit.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONDecodingError)
        -> JSONValue
    {
        try JSONTape.read(bytes.span.bytes, options: JSONDecodingOptions(limits: limits)).value(at: 0)
    }

    /// Reads one JSON document from memory of the caller's; see `parse(_: [UInt8], limits:)`.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()
    ) throws(JSONDecodingError) -> JSONValue {
        try JSONTape.read(bytes.bytes, options: JSONDecodingOptions(limits: limits)).value(at: 0)
    }

    /// Checks that the bytes are one JSON document within the limits, without making a value of them.
    ///
    /// - Throws: what `parse` throws.
    public static func validate(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONDecodingError) {
        _ = try JSONTape.read(bytes.span.bytes, options: JSONDecodingOptions(limits: limits))
    }

    /// The value as JSON text without spaces; members in their order, numbers as they were written.
    public func serialize() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a value of any kind.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }
}
