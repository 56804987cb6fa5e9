/// Turns values of Codable types into JSON text (RFC 8259), UTF-8 without spaces.
///
/// Members come in the order in which the type encodes them. `Date` is RFC 3339 text in UTC with milliseconds, `Data`
/// base64, `UUID` lower-case text (RFC 9562), `URL` text, `Decimal` a number. A value that encodes nothing is `{}`.
public enum JSONEncoding {
    /// Encodes a value.
    ///
    /// - Throws: `JSONEncodingError` for a number that is not finite, for nesting beyond the options' limit, and for
    ///   an `EncodingError` that a type's own `encode(to:)` throws. Any other error of theirs is passed on.
    public static func encode<Value: Encodable>(
        _ value: Value, options: JSONEncodingOptions = .init()
    ) throws -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        try encode(value, to: &writer, options: options)
        return writer.take()
    }

    /// Encodes a value and appends the text to what `bytes` holds.
    ///
    /// - Throws: what `encode(_:options:)` throws; `bytes` is then as it was.
    public static func encode<Value: Encodable>(
        _ value: Value, into bytes: inout [UInt8], options: JSONEncodingOptions = .init()
    ) throws {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        var writer = JSONWriter(appendingTo: taken)
        // Released, so that the writer is the only owner and appends in place.
        taken = []
        defer { bytes = writer.take() }
        try encode(value, to: &writer, options: options)
    }

    /// Encodes a value as the next value of a document that is being written.
    ///
    /// - Throws: what `encode(_:options:)` throws; the writer is then as it was.
    public static func encode<Value: Encodable>(
        _ value: Value, to writer: inout JSONWriter, options: JSONEncodingOptions = .init()
    ) throws {
        let state = EncodingState(writer: &writer, session: EncodingSession(options))
        let mark = state.mark
        do {
            try state.encode(value)
            if let fault = state.session.fault { throw fault }
            state.finish(into: &writer)
        } catch {
            state.rollBack(to: mark)
            state.finish(into: &writer)
            if let error = error as? EncodingError { throw JSONEncodingError(error) }
            throw error
        }
    }
}
