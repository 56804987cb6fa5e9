extension TextFormat {
    static let secret = TextFormat("text", example: "${SECRET}") { (text) throws(TextProblem) in
        guard !text.utf8.contains(0) else {
            throw TextProblem("holds a NUL character", fix: "remove it")
        }
    }

    static let sha256 = TextFormat(
        "a SHA-256 in hexadecimal", pattern: "^[0-9A-Fa-f]{64}$", example: String(repeating: "0a", count: 32)
    ) { (text) throws(TextProblem) in
        guard bytes(ofHexadecimal: text)?.count == 32 else {
            throw TextProblem(
                "is not the 64 hexadecimal digits of a SHA-256",
                fix: "write the line that `swiftlet key NAME` prints")
        }
    }

    static let date = TextFormat(
        "a date", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$",
        example: "2027-01-01",
        rule: "must be a day such as 2027-01-01, or a second such as 2027-01-01T12:00:00Z, in UTC"
    ) { seconds(ofDate: $0) != nil }

    static let variant = TextFormat(
        "`caller` or `header:NAME`", pattern: "^(caller|header:.+)$", example: "caller"
    ) { (text) throws(TextProblem) in
        if text == "caller" { return }
        guard text.hasPrefix("header:"), isToken(String(text.dropFirst(7))) else {
            throw TextProblem(
                "is neither `caller` nor `header:NAME`",
                fix: isToken(text) ? "write `header:\(text)`" : "write `caller`")
        }
    }

    static let memoryBudget = TextFormat(
        "a share or a size", pattern: "^[0-9]+(%|B|KiB|MiB|GiB)$", example: "75%"
    ) { (text) throws(TextProblem) in _ = try MemoryBudget(parsing: text) }

    static let share = TextFormat(
        "a share", pattern: "^[0-9]+(\\.[0-9]+)?%$", example: "10%"
    ) { (text) throws(TextProblem) in
        guard share(of: text) != nil else {
            let fix = Double(text).map { $0 <= 1 ? "\(Int($0 * 100))%" : "\(text)%" } ?? "10%"
            throw TextProblem("is not a share from 0% to 100%", fix: "write `\(fix)`")
        }
    }

    static let userIDs = TextFormat(
        "a range of user ids", pattern: "^[0-9]+-[0-9]+$", example: "61000-61999",
        rule: "must be two user ids above 0, such as 61000-61999, the smaller one first"
    ) { userIDs(of: $0) != nil }

    static func bytes(ofHexadecimal text: String) -> [UInt8]? {
        let digits = Array(text)
        guard digits.count % 2 == 0, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    /// `12.5%` as 0.125; nil unless it is from 0 to 100 per cent.
    static func share(of text: String) -> Double? {
        guard text.hasSuffix("%"), let first = text.utf8.first, isDigit(first) else { return nil }
        let number = text.dropLast()
        guard number.utf8.allSatisfy({ isDigit($0) || $0 == 0x2E }), let value = Double(number), value <= 100
        else { return nil }
        return value / 100
    }

    static func userIDs(of text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let last = parts[1] else { return nil }
        return first > 0 && first <= last && last < Int(UInt32.max) ? first...last : nil
    }

    /// Seconds since 1970 of `YYYY-MM-DD` (its beginning) or `YYYY-MM-DDTHH:MM:SSZ`, in UTC.
    static func seconds(ofDate text: String) -> Int? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy(isDigit) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard bytes.count == 10 || bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            (1...12).contains(month), year >= 1970
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400 - 477
        let days = (year - 1970) * 365 + leapDays + lengths[..<(month - 1)].reduce(0, +) + day - 1
        guard bytes.count == 20 else { return days * 86_400 }
        guard bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x5A,
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            hour < 24, minute < 60, second < 60
        else { return nil }
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }
}

extension MemoryBudget {
    init(parsing text: String) throws(TextProblem) {
        if text.hasSuffix("%") {
            guard let share = TextFormat.share(of: text), share > 0 else {
                throw TextProblem("is not a share above 0% and up to 100%", fix: "write `75%`")
            }
            self = .share(share)
        } else {
            guard let size = try? Amount.size(text), size > 0 else {
                throw TextProblem("is neither a share nor a size", fix: "write `75%` or `2GiB`")
            }
            self = .bytes(ByteCount(bytes: size))
        }
    }
}
