/// Turns JSON text into values of Codable types.
///
/// The text must be one document by RFC 8259 and nothing else; see `JSONDecodingError.Kind` for what is refused. A
/// number written with a fraction of zeros or an exponent (`1.0`, `1e2`) is a whole number too. Members that a type
/// does not ask for are ignored.
///
/// `Date` is RFC 3339 text, `Data` base64, `UUID` and `URL` text, `Decimal` a number.
public enum JSONDecoding {
    /// Decodes a value from a document.
    ///
    /// - Throws: `JSONDecodingError` for whatever is wrong with the document, with the path to it; a `DecodingError`
    ///   thrown by a type's own `init(from:)` is translated to that. Any other error of theirs is passed on.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], options: JSONDecodingOptions = .init()
    ) throws -> Value {
        try decode(type, from: bytes.span.bytes, options: options)
    }

    /// Decodes a value from a document in memory of the caller's, which is copied.
    ///
    /// - Throws: what `decode(_:from: [UInt8], options:)` throws.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: UnsafeRawBufferPointer, options: JSONDecodingOptions = .init()
    ) throws -> Value {
        try decode(type, from: bytes.bytes, options: options)
    }

    /// Decodes a value from a document in memory of the caller's, which is copied.
    ///
    /// - Throws: what `decode(_:from: [UInt8], options:)` throws.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: RawSpan, options: JSONDecodingOptions = .init()
    ) throws -> Value {
        let tape = try JSONTape.read(bytes, options: options)
        do {
            return try tape.decode(type, at: 0)
        } catch let error as DecodingError {
            throw JSONDecodingError(error)
        }
    }

    /// Decodes a value from one that was parsed before.
    ///
    /// - Throws: what `decode(_:from: [UInt8], options:)` throws.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from value: JSONValue, options: JSONDecodingOptions = .init()
    ) throws -> Value {
        try decode(type, from: value.serialize(), options: options)
    }
}
