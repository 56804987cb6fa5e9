/// Timestamps in text, RFC 3339 section 5.6, in the proleptic Gregorian calendar.
enum Timestamp {
    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z, in milliseconds since 1970.
    static let earliest: Int64 = -62_167_219_200_000
    static let latest: Int64 = 253_402_300_799_999

    /// Writes the 24 bytes `YYYY-MM-DDTHH:MM:SS.mmmZ`. The moment must lie between `earliest` and `latest`.
    static func write(unixMilliseconds: Int64, to out: UnsafeMutablePointer<UInt8>) {
        let millisecond = floorModulo(unixMilliseconds, 1000)
        let seconds = (unixMilliseconds - millisecond) / 1000
        let secondOfDay = floorModulo(seconds, 86_400)
        let (year, month, day) = civil(days: (seconds - secondOfDay) / 86_400)
        put(year, digits: 4, to: out)
        out[4] = UInt8(ascii: "-")
        put(month, digits: 2, to: out + 5)
        out[7] = UInt8(ascii: "-")
        put(day, digits: 2, to: out + 8)
        out[10] = UInt8(ascii: "T")
        put(secondOfDay / 3600, digits: 2, to: out + 11)
        out[13] = UInt8(ascii: ":")
        put(secondOfDay / 60 % 60, digits: 2, to: out + 14)
        out[16] = UInt8(ascii: ":")
        put(secondOfDay % 60, digits: 2, to: out + 17)
        out[19] = UInt8(ascii: ".")
        put(millisecond, digits: 3, to: out + 20)
        out[23] = UInt8(ascii: "Z")
    }

    /// Reads an RFC 3339 `date-time`: any number of fraction digits (those after the ninth are dropped), any
    /// offset. Second 60 is taken as the first second of the next minute. Nil if the text is none.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (seconds: Int64, nanoseconds: Int64)? {
        guard text.count >= 20,
            let year = number(text, 0, 4), text[4] == UInt8(ascii: "-"),
            let month = number(text, 5, 2), text[7] == UInt8(ascii: "-"),
            let day = number(text, 8, 2), text[10] | 0x20 == UInt8(ascii: "t"),
            let hour = number(text, 11, 2), text[13] == UInt8(ascii: ":"),
            let minute = number(text, 14, 2), text[16] == UInt8(ascii: ":"),
            let second = number(text, 17, 2),
            (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var position = 19
        var nanoseconds: Int64 = 0
        if text[position] == UInt8(ascii: ".") {
            position += 1
            let first = position
            var unit: Int64 = 100_000_000
            while position < text.count, let digit = number(text, position, 1) {
                nanoseconds += digit * unit
                unit /= 10
                position += 1
            }
            guard position > first else { return nil }
        }
        guard let offset = offset(text, at: position) else { return nil }
        let days = days(year: year, month: month, day: day)
        return (days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds)
    }

    /// The seconds east of UTC that `Z` or `+hh:mm` at the text's end says.
    private static func offset(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> Int64? {
        guard position < text.count else { return nil }
        let sign = text[position]
        if sign | 0x20 == UInt8(ascii: "z") { return position + 1 == text.count ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), position + 6 == text.count,
            let hours = number(text, position + 1, 2), text[position + 3] == UInt8(ascii: ":"),
            let minutes = number(text, position + 4, 2), hours <= 23, minutes <= 59
        else { return nil }
        let east = hours * 3600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -east : east
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for byte in text[start..<start + count] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    private static func put(_ value: Int64, digits: Int, to out: UnsafeMutablePointer<UInt8>) {
        var rest = value
        for position in stride(from: digits - 1, through: 0, by: -1) {
            out[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    private static func floorModulo(_ value: Int64, _ modulus: Int64) -> Int64 {
        let remainder = value % modulus
        return remainder < 0 ? remainder + modulus : remainder
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01. Years are counted from 1 March, so that the leap day is the last of its year.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Shifted by 400 years, which repeat exactly (146,097 days), so that nothing is negative.
        let marchYear = (month <= 2 ? year - 1 : year) + 400
        let century = marchYear / 400
        let yearOfCycle = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return (century - 1) * 146_097 + dayOfCycle - 719_468
    }

    /// The inverse of `days`.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468 + 146_097
        let cycle = shifted / 146_097
        let dayOfCycle = shifted % 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfCycle + (cycle - 1) * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
