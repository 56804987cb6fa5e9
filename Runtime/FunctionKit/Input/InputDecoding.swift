import JSONCoding

/// Turns an invocation into a handler's input.
///
/// The first pass is the fast one and ends at the first fault. Only when there is one, a second pass looks for all of
/// them (`FaultSearch`).
enum InputDecoding {
    /// Throws `APIError`: 400 with every fault named by its field, 400 for a body that is no JSON, 415 for one that does
    /// not say that it is. What an `Input`'s own `init(from:)` throws beside `DecodingError` is passed on.
    static func decode<Input: Decodable>(_ type: Input.Type, from invocation: Invocation) throws -> Input {
        // Safe: the cast is to the type that was just found to be the same.
        if type == NoInput.self { return unsafeBitCast(NoInput(), to: type) }
        let decoder = try InputDecoder(invocation)
        do {
            return try Input(from: decoder)
        } catch let error as DecodingError {
            throw FaultSearch.error(type, decoder, first: error)
        }
    }
}

/// What comes of a body before its fields are asked for.
enum InputBody {
    /// There is none.
    case none
    /// There is one, and its type is not JSON: 415 as soon as a field is looked for in it.
    case notJSON
    /// JSON, read and well-formed.
    case json(any Decoder)

    init(_ invocation: Invocation) throws {
        guard !invocation.body.isEmpty else {
            self = .none
            return
        }
        let isJSON = invocation.headers.withFirst("content-type") { InputBody.isJSON($0) } ?? false
        guard isJSON else {
            self = .notJSON
            return
        }
        do {
            self = .json(try JSONDecoding.decode(DecoderCapture.self, from: invocation.body).decoder)
        } catch let error as JSONDecodingError {
            let place = error.kind == .doubledKey ? "\(error.path) " : ""
            throw APIError(.badRequest, "The body is not valid JSON: \(place)\(error.message)")
        }
    }

    /// Whether a media type (RFC 9110, section 8.3.1) is `application/json` or ends with `+json`.
    static func isJSON(_ value: UnsafeRawBufferPointer) -> Bool {
        var end = value.firstIndex(of: 0x3B) ?? value.count
        while end > 0, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
        return matches("application/json", value[..<end], atEnd: false)
            || matches("+json", value[..<end], atEnd: true)
    }

    private static func matches(
        _ name: StaticString, _ value: Slice<UnsafeRawBufferPointer>, atEnd: Bool
    ) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard atEnd ? value.count > wanted.count : value.count == wanted.count else { return false }
        return zip(value.suffix(wanted.count), wanted).allSatisfy { byte, wanted in
            byte == wanted || ((65...90).contains(byte) && byte | 0x20 == wanted)
        }
    }

    static var wrongType: APIError { APIError(.unsupportedMediaType) }
}

/// Keeps the decoder that it is given: the way to ask a JSON document for its fields one by one.
private struct DecoderCapture: Decodable {
    let decoder: any Decoder

    init(from decoder: any Decoder) { self.decoder = decoder }
}
