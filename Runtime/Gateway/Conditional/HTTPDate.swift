/// Reads the three forms of a date in HTTP (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days: StaticString = "MonTueWedThuFriSatSun"
    private static let longDays: StaticString = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    /// Seconds since 1970-01-01T00:00:00Z; nil for anything that is none of the three forms in its exact letters. The
    /// weekday must be one, but need not be the right one.
    ///
    /// - Parameter unixSeconds: the present time: a year of two digits is never more than 50 years ahead of it.
    static func parse(_ text: UnsafeRawBufferPointer, unixSeconds: Int64) -> Int64? {
        if text.count == 29 { return fixed(text) }
        if text.count == 24 { return asctime(text) }
        return obsolete(text, unixSeconds)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func fixed(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard isDay(text.part(0..<3)), text.part(3..<5).isText(", "), text[7] == 32, text[11] == 32, text[16] == 32,
            text.part(25..<29).isText(" GMT"), let day = number(text, 5, 2), let month = month(text, 8),
            let year = number(text, 12, 4), let time = time(text, 17)
        else { return nil }
        return seconds(year, month, day, time)
    }

    /// `Sun Nov  6 08:49:37 1994`.
    private static func asctime(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard isDay(text.part(0..<3)), text[3] == 32, text[7] == 32, text[10] == 32, text[19] == 32,
            let month = month(text, 4), let day = number(text, text[8] == 32 ? 9 : 8, text[8] == 32 ? 1 : 2),
            let time = time(text, 11), let year = number(text, 20, 4)
        else { return nil }
        return seconds(year, month, day, time)
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    private static func obsolete(_ text: UnsafeRawBufferPointer, _ unixSeconds: Int64) -> Int64? {
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")), isLongDay(text.part(0..<comma)),
            text.count == comma + 24
        else { return nil }
        let rest = text.part(comma..<text.count)
        guard rest[1] == 32, rest[4] == UInt8(ascii: "-"), rest[8] == UInt8(ascii: "-"), rest[11] == 32,
            rest.part(20..<24).isText(" GMT"), let day = number(rest, 2, 2), let month = month(rest, 5),
            let short = number(rest, 9, 2), let time = time(rest, 12)
        else { return nil }
        let present = civilYear(unixSeconds)
        var year = present - present % 100 + short
        // The nearest year with these digits that is at most 50 years ahead.
        if year > present + 50 { year -= 100 }
        if year <= present - 50 { year += 100 }
        return seconds(year, month, day, time)
    }

    private static func isDay(_ text: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<7 where text.isEqual(to: days.utf8Start + index * 3) { return true }
        return false
    }

    private static func isLongDay(_ text: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        for index in 0..<longDays.utf8CodeUnitCount where longDays.utf8Start[index] == 32 {
            if text.count == index - start, text.isEqual(to: longDays.utf8Start + start) { return true }
            start = index + 1
        }
        return false
    }

    /// 1 to 12.
    private static func month(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int64? {
        let name = text.part(start..<start + 3)
        for index in 0..<12 where name.isEqual(to: months.utf8Start + index * 3) { return Int64(index + 1) }
        return nil
    }

    private static func number(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for byte in text[start..<start + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        return value
    }

    /// `08:49:37` in seconds of the day; 60 seconds are a leap second's.
    private static func time(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int64? {
        guard text[start + 2] == UInt8(ascii: ":"), text[start + 5] == UInt8(ascii: ":"),
            let hour = number(text, start, 2), let minute = number(text, start + 3, 2),
            let second = number(text, start + 6, 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func seconds(_ year: Int64, _ month: Int64, _ day: Int64, _ time: Int64) -> Int64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int64 =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        guard day >= 1, day <= length else { return nil }
        // Years that begin in March put the leap day at their end.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = shifted * 365 + floor(shifted, 4) - floor(shifted, 100) + floor(shifted, 400) + dayOfYear
        return (days - 719_468) * 86_400 + time
    }

    private static func floor(_ value: Int64, _ by: Int64) -> Int64 {
        value >= 0 ? value / by : -((by - 1 - value) / by)
    }

    /// The year of a time; good enough at its edges for the rule of 50 years.
    private static func civilYear(_ unixSeconds: Int64) -> Int64 {
        1970 + max(0, min(unixSeconds, 250_000_000_000)) / 31_556_952
    }
}
