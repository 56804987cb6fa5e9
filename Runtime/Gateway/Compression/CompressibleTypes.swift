/// Which media types gzip makes smaller: text and what is written as text.
///
/// Pictures, sound, films, archives, fonts and programs are compressed already or hardly shrink. A stream of events
/// must reach its reader event by event.
enum CompressibleTypes {
    /// Whether a `Content-Type` is one of them; its parameters and letter case do not matter.
    static func contains(_ value: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
        let type = ListElements.trimmed(value.part(0..<end))
        guard let slash = type.firstIndex(of: UInt8(ascii: "/")) else { return false }
        let subtype = type.part(slash + 1..<type.count)
        guard subtype.count > 0 else { return false }
        if type.part(0..<slash).isTextIgnoringCase("text") { return !subtype.isTextIgnoringCase("event-stream") }
        // Structured syntax suffixes (RFC 6838, section 4.2.8): `image/svg+xml` among them.
        for suffix in ["+json", "+xml", "+yaml", "+json-seq"] as [StaticString]
        where ends(subtype, in: suffix) { return true }
        guard type.part(0..<slash).isTextIgnoringCase("application") else { return false }
        for known in known where subtype.isTextIgnoringCase(known) { return true }
        return false
    }

    private static let known: [StaticString] = [
        "json", "xml", "javascript", "x-javascript", "ecmascript", "x-ndjson", "ndjson", "jsonl", "json-seq", "yaml",
        "x-yaml", "toml", "sql", "graphql", "xml-dtd", "rtf", "x-www-form-urlencoded",
    ]

    private static func ends(_ text: UnsafeRawBufferPointer, in suffix: StaticString) -> Bool {
        let count = suffix.utf8CodeUnitCount
        return text.count > count && text.part(text.count - count..<text.count).isTextIgnoringCase(suffix)
    }
}
