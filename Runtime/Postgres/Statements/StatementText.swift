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
    /// Whether a transaction begins or ends by it; what is done with savepoints is no such thing.
    let endsTransaction: Bool

    init(_ sql: SQL) {
        var key = sql.rendered(spare: sql.bindings.count * 4)
        var words = StatementWords(sql.text)
        let first = words.next() ?? ""
        changesSession = Self.isOfSession(first, words, sql.text)
        endsTransaction = Self.isOfTransaction(first, words)
        isPreparable =
            !sql.isOneOff && !changesSession && key.count <= Self.longestPrepared && Self.isPlanned(sql.text)
        if isPreparable {
            for binding in sql.bindings {
                withUnsafeBytes(of: binding.type) { key.append(contentsOf: $0) }
            }
        }
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
    private static func isOfSession(_ first: String, _ rest: StatementWords, _ text: [UInt8]) -> Bool {
        switch first {
        case "set": return !rest.prefix(1).contains { ["local", "transaction", "constraints"].contains($0) }
        case "reset", "listen", "load", "prepare": return true
        case "create":
            let kind = rest.first { !["or", "replace", "local", "global"].contains($0) }
            // IF NOT EXISTS may stand before the name.
            return kind == "temp" || kind == "temporary" || rest.prefix(6).contains { $0.hasPrefix("pg_temp.") }
        case "declare":
            // Only a cursor WITH HOLD outlasts its transaction; its own statement comes behind FOR.
            return rest.prefix(while: { $0 != "for" }).contains("with")
        case "select", "with", "table", "values": return mayHaveInto(text) && selectsIntoTemporary(rest)
        default: return false
        }
    }

    /// Whether the letters of INTO stand anywhere: few of the statements that are run most need a closer look.
    private static func mayHaveInto(_ text: [UInt8]) -> Bool {
        var last: UInt32 = 0
        for byte in text {
            last = last << 8 | UInt32(byte | 0x20)
            if last == 0x696E_746F { return true }
        }
        return false
    }

    /// `SELECT … INTO TEMP name …` makes a table.
    private static func selectsIntoTemporary(_ words: StatementWords) -> Bool {
        var last = ""
        var isTarget = false
        for word in words {
            if isTarget, !["local", "global", "table"].contains(word) {
                if word == "temp" || word == "temporary" || word.hasPrefix("pg_temp.") { return true }
                isTarget = false
            }
            if word == "into" { isTarget = last != "insert" && last != "merge" }
            last = word
        }
        return false
    }

    private static func isOfTransaction(_ first: String, _ rest: StatementWords) -> Bool {
        switch first {
        case "begin", "start", "commit", "end", "abort": true
        // ROLLBACK [WORK] TO goes back to a savepoint.
        case "rollback": !rest.prefix(2).contains("to")
        case "prepare": rest.prefix(1).contains("transaction")
        default: false
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
