/// Whether a `Content-Type` says that the body is JSON (RFC 9110, section 8.3; RFC 6839, section 3.1).
enum JSONMediaType {
    /// What a value comes to.
    enum Verdict {
        case json
        /// Another type, or none that can be read.
        case otherType
        /// JSON in another encoding than UTF-8 (RFC 8259, section 8.1).
        case otherCharset
    }

    /// Reads the value of a `Content-Type`: `application/json`, or any type that ends with `+json`; of its parameters
    /// only `charset` counts.
    static func verdict(_ value: UnsafeRawBufferPointer) -> Verdict {
        var end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        let parameters = value.part(end..<value.count)
        while end > 0, isSpace(value[end - 1]) { end -= 1 }
        let type = value.part(0..<end)
        guard type.isTextIgnoringCase("application/json") || isStructured(type) else { return .otherType }
        return parameters.isEmpty || isUTF8(parameters) ? .json : .otherCharset
    }

    private static func isStructured(_ type: UnsafeRawBufferPointer) -> Bool {
        guard let slash = type.firstIndex(of: UInt8(ascii: "/")), slash > 0, type.count > slash + 6 else {
            return false
        }
        return type.part((type.count - 5)..<type.count).isTextIgnoringCase("+json")
            && type.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
    }

    /// Whether no parameter names another charset.
    private static func isUTF8(_ parameters: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < parameters.count {
            // A semicolon, then `name=value`, the value perhaps in quotes.
            index += 1
            while index < parameters.count, isSpace(parameters[index]) { index += 1 }
            let nameStart = index
            while index < parameters.count, parameters[index] != UInt8(ascii: "="),
                parameters[index] != UInt8(ascii: ";")
            { index += 1 }
            let name = parameters.part(nameStart..<index)
            guard index < parameters.count, parameters[index] == UInt8(ascii: "=") else { continue }
            index += 1
            let valueStart = index
            var isQuoted = false
            while index < parameters.count, isQuoted || parameters[index] != UInt8(ascii: ";") {
                if parameters[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
                index += 1
            }
            if name.isTextIgnoringCase("charset"), !isUTF8Name(parameters.part(valueStart..<index)) { return false }
        }
        return true
    }

    private static func isUTF8Name(_ value: UnsafeRawBufferPointer) -> Bool {
        var (start, end) = (0, value.count)
        while end > start, isSpace(value[end - 1]) { end -= 1 }
        if end - start >= 2, value[start] == UInt8(ascii: "\""), value[end - 1] == UInt8(ascii: "\"") {
            start += 1
            end -= 1
        }
        let name = value.part(start..<end)
        // ASCII is UTF-8 too.
        return name.isTextIgnoringCase("utf-8") || name.isTextIgnoringCase("utf8")
            || name.isTextIgnoringCase("us-ascii")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
