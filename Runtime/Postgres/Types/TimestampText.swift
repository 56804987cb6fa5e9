/// Moments as PostgreSQL writes them with `DateStyle` ISO: `2026-11-21 04:58:13.123456+00`, `0044-03-15 BC`.
enum TimestampText {
    /// Microseconds since 1970-01-01T00:00:00Z; nil for `infinity`, for a year after 294246, and for what is no
    /// moment.
    ///
    /// A text without a zone is taken as UTC, one without a time as midnight.
    static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var scanner = Scanner(text: text)
        guard var year = scanner.number(digits: 4...7), scanner.skip("-"),
            let month = scanner.number(digits: 2...2),
            scanner.skip("-"), let day = scanner.number(digits: 2...2), (1...12).contains(month)
        else { return nil }
        var seconds = 0
        var fraction = 0
        if scanner.skip(" ") && !scanner.isAt("B") {
            guard let hour = scanner.number(digits: 2...2), scanner.skip(":"),
                let minute = scanner.number(digits: 2...2), scanner.skip(":"),
                let second = scanner.number(digits: 2...2), hour <= 24, minute < 60, second <= 60
            else { return nil }
            seconds = hour * 3600 + minute * 60 + second
            if scanner.skip(".") {
                guard let part = scanner.fraction() else { return nil }
                fraction = part
            }
            if scanner.isAt("+") || scanner.isAt("-") {
                guard let offset = scanner.offset() else { return nil }
                seconds -= offset
            }
            _ = scanner.skip(" ")
        }
        if scanner.skip("B") {
            guard scanner.skip("C") else { return nil }
            year = 1 - year
        }
        guard scanner.isAtEnd, day >= 1, day <= Calendar.days(inMonth: month, year: year) else { return nil }
        let days = Int64(Calendar.day(year: year, month: month, day: day))
        // PostgreSQL counts from 2000, so its last thirty years have no number here.
        let (whole, overflowed) = (days * 86_400 + Int64(seconds)).multipliedReportingOverflow(by: 1_000_000)
        let (sum, exceeded) = whole.addingReportingOverflow(Int64(fraction))
        return overflowed || exceeded ? nil : sum
    }

    private struct Scanner {
        let text: UnsafeBufferPointer<UInt8>
        var position = 0

        var isAtEnd: Bool { position == text.count }

        func isAt(_ character: Unicode.Scalar) -> Bool {
            position < text.count && text[position] == UInt8(ascii: character)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard isAt(character) else { return false }
            position += 1
            return true
        }

        mutating func number(digits: ClosedRange<Int>) -> Int? {
            var value = 0
            var count = 0
            while position < text.count, count < digits.upperBound, case let digit = text[position] &- 0x30,
                digit <= 9
            {
                value = value * 10 + Int(digit)
                position += 1
                count += 1
            }
            return count >= digits.lowerBound ? value : nil
        }

        /// One to six digits behind the point, in microseconds.
        mutating func fraction() -> Int? {
            let start = position
            guard var value = number(digits: 1...6) else { return nil }
            for _ in (position - start)..<6 { value *= 10 }
            return value
        }

        /// `+hh`, `+hh:mm` or `+hh:mm:ss`, in seconds east of Greenwich.
        mutating func offset() -> Int? {
            let isWest = isAt("-")
            position += 1
            guard let hours = number(digits: 2...2) else { return nil }
            var value = hours * 3600
            for unit in [60, 1] where skip(":") {
                guard let part = number(digits: 2...2) else { return nil }
                value += part * unit
            }
            return isWest ? -value : value
        }
    }
}
