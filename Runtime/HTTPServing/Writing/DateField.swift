/// The `date` field line of responses (RFC 9110, section 5.6.7), made once a second.
struct DateField {
    /// `date: Sun, 06 Nov 1994 08:49:37 GMT` with its line end.
    private(set) var line: [UInt8] = []
    private var second = Int.min

    /// Makes the line anew when the second has changed; `now` in seconds since 1970, UTC.
    mutating func refresh(at now: Int) {
        guard now != second else { return }
        second = now
        line = Array("date: \(DateField.text(now))\r\n".utf8)
    }

    /// The IMF-fixdate of that second; the calendar is Howard Hinnant's `civil_from_days`.
    static func text(_ seconds: Int) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let time = seconds - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
        let weekday = weekdays[((days % 7) + 7) % 7]
        let civilYear = year + era * 400 + (month >= 10 ? 1 : 0)
        let clock = [time / 3_600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        return "\(weekday), \(twoDigits(day)) \(months[month]) \(civilYear) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
