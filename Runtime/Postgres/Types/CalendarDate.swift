/// A day of the calendar without a time or a zone: PostgreSQL's `date`.
///
/// As `Codable` and as text it is ISO 8601, `2026-11-21`. Years run from 1 to 9999.
public struct CalendarDate: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// A day; nil if the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Calendar.days(inMonth: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// A day from `YYYY-MM-DD`; nil for anything else.
    public init?(_ description: String) {
        var text = description
        let parts = text.withUTF8 { text -> (Int, Int, Int)? in
            guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else {
                return nil
            }
            var numbers: [Int] = []
            for range in [0..<4, 5..<7, 8..<10] {
                guard text[range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
                numbers.append(text[range].reduce(0) { $0 * 10 + Int($1 - 0x30) })
            }
            return (numbers[0], numbers[1], numbers[2])
        }
        guard let parts else { return nil }
        self.init(year: parts.0, month: parts.1, day: parts.2)
    }

    /// The day as `YYYY-MM-DD`.
    public var description: String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Whether the first day is the earlier one.
    public static func < (first: CalendarDate, second: CalendarDate) -> Bool {
        (first.year, first.month, first.day) < (second.year, second.month, second.day)
    }
}

extension CalendarDate: Codable {
    /// Reads `YYYY-MM-DD`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = CalendarDate(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A date is written YYYY-MM-DD")
        }
        self = date
    }

    /// Writes `YYYY-MM-DD`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CalendarDate: PostgresBindable {
    /// `date`.
    public static var postgresType: PostgresType { .date }
    /// Writes `YYYY-MM-DD`.
    public func write(to parameter: inout PostgresParameter) { parameter.append(text: description) }
}
