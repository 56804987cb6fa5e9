import FoundationEssentials

extension Cell {
    /// The value as a `Date`, `UUID` or `Decimal`; nil when the type is none of them.
    func foundation<Value>(_ wanted: Value.Type) throws -> Value? {
        if wanted == Date.self {
            let date = try Date(microsecondsSince1970: microseconds())
            return date as? Value
        }
        if wanted == UUID.self {
            guard type == PostgresType.uuid.oid, bytes.count == 36, let value = UUID(uuidString: try string()) else {
                throw mismatch("UUID")
            }
            return value as? Value
        }
        if wanted == Decimal.self {
            guard isWhole, !isNull, let value = Self.decimal(try string()) else { throw mismatch("Decimal") }
            return value as? Value
        }
        return nil
    }

    /// Nil also for a number with more digits than a `Decimal` holds (38), which must not be rounded in silence.
    private static func decimal(_ whole: String) -> Decimal? {
        if whole == "NaN" { return .nan }
        var text = whole
        // A column with a scale writes all of its digits, so that 5 comes as 5.000.
        if text.utf8.contains(UInt8(ascii: ".")) {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        let significant = text.utf8.drop {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".")
        }
        let digits = significant.count { $0 != UInt8(ascii: ".") }
        guard digits <= 38, !text.isEmpty,
            text.utf8.allSatisfy({
                $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        return Decimal(string: text)
    }
}
