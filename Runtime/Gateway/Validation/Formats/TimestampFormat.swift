/// Dates and times by RFC 3339, section 5.6.
enum TimestampFormat {
    static func isDateTime(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count > 11, text[10] | 0x20 == UInt8(ascii: "t") else { return false }
        return isDate(text.part(0..<10)) && isTime(text.part(11..<text.count))
    }

    static func isDate(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            let century = two(text, 0), let year = two(text, 2), let month = two(text, 5),
            let day = two(text, 8)
        else { return false }
        return (1...12).contains(month) && (1...days(in: month, of: century * 100 + year)).contains(day)
    }

    static func isTime(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 9, text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"),
            let hour = two(text, 0), let minute = two(text, 3), let second = two(text, 6), hour < 24,
            minute < 60, second <= 60
        else { return false }
        var index = 8
        if text[index] == UInt8(ascii: ".") {
            index += 1
            let first = index
            while index < text.count, text[index].isDecimalDigit { index += 1 }
            guard index > first else { return false }
        }
        guard index < text.count, let offset = offset(text.part(index..<text.count)) else { return false }
        // A leap second is the last one of a day in UTC.
        return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439
    }

    /// The offset from UTC in minutes.
    private static func offset(_ text: UnsafeRawBufferPointer) -> Int? {
        if text.count == 1, text[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard text.count == 6, text[3] == UInt8(ascii: ":"), let hour = two(text, 1), let minute = two(text, 4),
            hour < 24, minute < 60
        else { return nil }
        switch text[0] {
        case UInt8(ascii: "+"): return hour * 60 + minute
        case UInt8(ascii: "-"): return -(hour * 60 + minute)
        default: return nil
        }
    }

    private static func two(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int? {
        guard text[index].isDecimalDigit, text[index + 1].isDecimalDigit else { return nil }
        return Int(text[index] - 0x30) * 10 + Int(text[index + 1] - 0x30)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
