import FunctionKit

/// What the header of an import must say of its body.
enum ImportType {
    /// Throws 415, with the header to send, for what is no `text/csv` (RFC 7111), is in another charset than UTF-8 or ASCII,
    /// or is coded: the body is read as it comes, and nobody before has decoded it.
    static func check(_ headers: HeaderList) throws(APIError) {
        let type = headers["content-type"] ?? ""
        guard trimmed(type.utf8.prefix { $0 != UInt8(ascii: ";") }) == "text/csv" else {
            throw APIError(.unsupportedMediaType, "Send the body with Content-Type: text/csv")
        }
        guard charsets(type).allSatisfy({ ["utf-8", "utf8", "us-ascii"].contains($0) }) else {
            throw APIError(.unsupportedMediaType, "Send the body in UTF-8, with Content-Type: text/csv; charset=utf-8")
        }
        let codings = headers.values("content-encoding").flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
        guard codings.allSatisfy({ ["identity", ""].contains(trimmed($0)) }) else {
            throw APIError(
                .unsupportedMediaType, "Send the body as it is, without Content-Encoding",
                headers: ["accept-encoding": "identity"])
        }
    }

    /// The values of a media type's `charset`, in small letters and without quotes (RFC 9110, section 8.3.2).
    private static func charsets(_ type: String) -> [String] {
        type.utf8.split(separator: UInt8(ascii: ";")).dropFirst().compactMap { parameter in
            guard let sign = parameter.firstIndex(of: UInt8(ascii: "=")), trimmed(parameter[..<sign]) == "charset"
            else { return nil }
            let value = trimmed(parameter[parameter.index(after: sign)...])
            return value.count > 1 && value.first == "\"" && value.last == "\""
                ? String(value.dropFirst().dropLast()) : value
        }
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        var text = text
        func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        while isBlank(text.first) { text.removeFirst() }
        while isBlank(text.last) { text.removeLast() }
        return String(Substring(text)).lowercased()
    }
}
