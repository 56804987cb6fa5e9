/// A statement as it goes to the server, and whether it is worth being prepared there.
struct StatementText: Sendable {
    /// Longer texts are sent whole each time: they are mostly lists that are never the same again, and the server would
    /// keep all of them.
    static let longestPrepared = 16 << 10

    /// The text, a zero byte, and the types of the parameters: the same text with other types is another statement.
    let key: [UInt8]
    /// Whether the server plans it, so that preparing it saves work; not so for `BEGIN`, `CREATE TABLE` and the like.
    let isPreparable: Bool
    /// Whether the session is another one afterwards: then it must not be lent to anybody else.
    let changesSession: Bool

    init(_ sql: SQL) {
        var key = sql.rendered(spare: sql.bindings.count * 4)
        isPreparable = !sql.isOneOff && key.count <= Self.longestPrepared && Self.isPlanned(sql.text)
        if isPreparable {
            for binding in sql.bindings {
                withUnsafeBytes(of: binding.type) { key.append(contentsOf: $0) }
            }
        }
        changesSession = !isPreparable && Self.isOfSession(sql.text)
        self.key = key
    }

    /// Gives the text with a zero byte at its end.
    func withText<Value>(_ body: (UnsafePointer<CChar>) throws -> Value) rethrows -> Value {
        try key.withUnsafeBytes { bytes in
            // Safe: the text ends with a zero byte, so that there is an address.
            try body(bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }

    /// Settings, listening, temporary tables and the like last as long as their session, unless they are a transaction's
    /// own (`SET LOCAL`). What a function of the statement does (`set_config`, advisory locks) is not seen.
    private static func isOfSession(_ text: [UInt8]) -> Bool {
        let first = text.first { $0 > UInt8(ascii: " ") }.map { $0 | 0x20 }
        guard let first, "srlpc".utf8.contains(first) else { return false }
        let words = text.prefix(128).split { $0 <= UInt8(ascii: " ") }.prefix(4).map {
            String(decoding: $0, as: UTF8.self).lowercased()
        }
        switch words.first {
        case "set": return words.count < 2 || !["local", "transaction", "constraints"].contains(words[1])
        case "reset", "listen", "load", "prepare": return true
        case "create": return words.contains("temp") || words.contains("temporary")
        default: return false
        }
    }

    private static func isPlanned(_ text: [UInt8]) -> Bool {
        guard let start = text.firstIndex(where: { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "(") }) else {
            return false
        }
        let word = text[start...].prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        let words: [StaticString] = ["select", "insert", "update", "delete", "with", "values", "merge"]
        return words.contains { known in
            known.utf8CodeUnitCount == word.count
                && known.withUTF8Buffer { $0.elementsEqual(word.lazy.map { $0 | 0x20 }) }
        }
    }
}
