import Testing

@testable import Postgres

@Suite struct TextFormTests {
    @Test(
        "moments are read as PostgreSQL writes them",
        arguments: [
            ("1970-01-01 00:00:00+00", 0), ("1970-01-01", 0), ("1970-01-01 00:00:00", 0),
            ("1970-01-01 00:00:00.000001+00", 1), ("1970-01-01 00:00:00.5+00", 500_000),
            ("1970-01-01 01:00:00+01", 0), ("1969-12-31 19:00:00-05", 0), ("1970-01-01 05:30:00+05:30", 0),
            ("1970-01-01 00:19:32+00:19:32", 0), ("1969-12-31 23:59:59.999999+00", -1),
            ("2000-01-01 00:00:00+00", 946_684_800_000_000),
            ("2024-02-29 12:00:00+00", 1_709_208_000_000_000),
            ("2026-11-21 04:58:13.123456+00", 1_795_237_093_123_456),
            ("0001-01-01 00:00:00+00", -62_135_596_800_000_000),
            ("0001-01-01 00:00:00+00 BC", -62_167_219_200_000_000),
            ("0044-03-15 BC", -63_517_824_000_000_000),
            ("9999-12-31 23:59:59.999999+00", 253_402_300_799_999_999),
            ("294246-12-31 23:59:59.999999+00", 9_223_371_244_799_999_999),
        ])
    func moments(text: String, microseconds: Int64) {
        var text = text
        #expect(text.withUTF8 { TimestampText.microseconds($0) } == microseconds)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "294276-12-31 23:59:59.999999+00", "9999999-12-31", "", "infinity", "-infinity", "2026-13-01",
            "2026-02-29", "2026-00-01", "2026-01-00", "2026-1-1",
            "2026-01-01 25:00:00", "2026-01-01 10:00", "2026-01-01 10:60:00", "2026-01-01 10:00:00.",
            "2026-01-01x",
            "2026-01-01 10:00:00+", "2026-01-01T10:00:00Z", "Sat Nov 21 2026",
        ])
    func noMoments(text: String) {
        var text = text
        #expect(text.withUTF8 { TimestampText.microseconds($0) } == nil)
    }

    @Test(
        "properties find their columns whatever the letter case and the underscores",
        arguments: [
            ("createdAt", "created_at", true), ("userID", "user_id", true), ("id", "ID", true),
            ("url", "u_r_l", true),
            ("a", "ab", false), ("ab", "a", false), ("createdAt", "created_on", false), ("_id", "id", true),
            ("", "", true),
        ])
    func names(property: String, column: String, matches: Bool) {
        var property = property
        var column = column
        let same = property.withUTF8 { property in column.withUTF8 { ColumnName.matches(property, $0) } }
        #expect(same == matches)
    }

    @Test(
        "days of the calendar are read and written as ISO 8601",
        arguments: [("2026-11-21", true), ("2024-02-29", true), ("0001-01-01", true), ("9999-12-31", true)]
            + [
                "2023-02-29", "2026-11-31", "2026-00-10", "0000-01-01", "26-11-21", "2026-1-1", "2026-11-21 ",
                "",
            ].map {
                ($0, false)
            })
    func dates(text: String, isDate: Bool) {
        #expect(CalendarDate(text)?.description == (isDate ? text : nil))
    }

    @Test("days are compared in their order")
    func comparison() throws {
        let days = try ["2025-12-31", "2026-01-01", "2026-02-01", "2026-02-02"].map {
            try #require(CalendarDate($0))
        }
        #expect(days.reversed().sorted() == days)
    }
}
