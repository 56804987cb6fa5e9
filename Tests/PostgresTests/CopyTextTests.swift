import Foundation
import Testing

@testable import Postgres

@Suite struct CopyTextTests {
    private func line<each Value: PostgresBindable>(_ value: repeat each Value) throws -> String {
        String(decoding: try PostgresCopyRow(repeat each value).bytes, as: UTF8.self)
    }

    @Test("values stand between tabs, and rows end with a line feed")
    func rows() throws {
        #expect(try line(1, "a", Bool?.none, true) == "1\ta\t\\N\tt\n")
        #expect(try line("") == "\n")
        let row = try PostgresCopyRow(values: [1, nil, "x", Int?.none])
        #expect(String(decoding: row.bytes, as: UTF8.self) == "1\t\\N\tx\t\\N\n")
        #expect(row.count == 4)
    }

    @Test(
        "whatever could end a value is escaped",
        arguments: [
            ("a\tb", "a\\tb"), ("a\nb", "a\\nb"), ("a\r\nb", "a\\r\\nb"), ("\\", "\\\\"), ("\\.", "\\\\."),
            ("\\N", "\\\\N"), ("\u{8}\u{B}\u{C}", "\\b\\v\\f"), ("é \"x\" 'y'", "é \"x\" 'y'"), ("NULL", "NULL"),
        ])
    func escapes(value: String, expected: String) throws {
        #expect(try line(value) == expected + "\n")
    }

    @Test("every type has its text form")
    func types() throws {
        #expect(try line(Int8.min, UInt8.max, Int16.min, UInt16.max) == "-128\t255\t-32768\t65535\n")
        #expect(try line(Int32.min, UInt32.max, Int64.min) == "-2147483648\t4294967295\t-9223372036854775808\n")
        #expect(try line(UInt64.max, UInt.max, Int.max).hasPrefix("18446744073709551615\t18446744073709551615\t"))
        #expect(try line(0.1, -Double.infinity, Double.nan, Float(1.5)) == "0.1\t-inf\tnan\t1.5\n")
        #expect(try line([0, 0xFF, 0x5C] as [UInt8], [] as [UInt8]) == "\\\\x00ff5c\t\\\\x\n")
        let uuid = try #require(UUID(uuidString: "01234567-89AB-CDEF-0123-456789ABCDEF"))
        #expect(try line(uuid) == "01234567-89ab-cdef-0123-456789abcdef\n")
        #expect(try line(CalendarDate("2026-11-21"), Decimal(string: "-1.50")) == "2026-11-21\t-1.5\n")
        #expect(try line(PostgresJSON(["a\\\"": 1])) == "{\"a\\\\\\\\\\\\\"\":1}\n")
    }

    @Test("arrays have their text form")
    func arrays() throws {
        #expect(try line([1, nil, -3], [] as [Int]) == "{\"1\",NULL,\"-3\"}\t{}\n")
        #expect(try line(["a\tb", "\"", "\\", nil]) == "{\"a\\tb\",\"\\\\\"\",\"\\\\\\\\\",NULL}\n")
        #expect(try line([[1, 2], []] as [[UInt8]]) == "{\"\\\\\\\\x0102\",\"\\\\\\\\x\"}\n")
    }

    @Test(
        "moments have their text form",
        arguments: [
            (0, "1970-01-01 00:00:00.000000+00"), (-1, "1969-12-31 23:59:59.999999+00"),
            (946_684_800_000_000, "2000-01-01 00:00:00.000000+00"),
            (1_709_208_000_000_001, "2024-02-29 12:00:00.000001+00"),
            (-62_167_219_200_000_000, "0001-01-01 00:00:00.000000+00 BC"),
            (-63_517_824_000_000_000, "0044-03-15 00:00:00.000000+00 BC"),
            (253_402_300_800_000_000, "10000-01-01 00:00:00.000000+00"),
        ])
    func moments(microseconds: Int64, expected: String) throws {
        #expect(try line(Date(microsecondsSince1970: microseconds)) == expected + "\n")
    }

    @Test(
        "the date of a day's number is the one that has the number",
        arguments: [-2_000_000, -800_000, -1000, 0, 2_900_000])
    func days(start: Int) {
        for number in start..<(start + 1000) {
            let date = Calendar.date(ofDay: number)
            #expect(Calendar.day(year: date.year, month: date.month, day: date.day) == number)
            #expect((1...Calendar.days(inMonth: date.month, year: date.year)).contains(date.day))
        }
    }

    @Test("what cannot be written is refused")
    func refused() throws {
        #expect(throws: PostgresError.self) { try PostgresCopyRow("a\0") }
        #expect(throws: PostgresError.self) { try PostgresCopyRow(1, Date(timeIntervalSince1970: .infinity)) }
        #expect(throws: PostgresError.self) { try PostgresCopyRow([[1]]) }
        #expect(throws: PostgresError.self) { try PostgresCopyRow(Strange()) }
        var text = CopyText()
        _ = try text.append(row: 1)
        #expect(throws: PostgresError.self) { try text.append(row: 2, "\0") }
        _ = try text.append(row: 3)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "1\n3\n")
    }

    struct Strange: PostgresBindable {
        static var postgresType: PostgresType { PostgresType(oid: 99_999, isBinary: true) }
        func write(to parameter: inout PostgresParameter) { parameter.append(bigEndian: 1 as Int32) }
    }

    @Test("names are quoted, and the options of CSV too")
    func statements() {
        let target = CopyTarget(schema: "my shop", table: "a\"b", columns: ["id", "Full Name"])
        #expect(
            target.textStatement.statement
                == "COPY \"my shop\".\"a\"\"b\" (\"id\", \"Full Name\") FROM STDIN (FORMAT text)")
        #expect(
            CopyTarget(table: "t", columns: []).statement(
                PostgresCSV(hasHeader: true, delimiter: ";", quote: "'", null: "\\N'").options
            ).statement
                == "COPY \"t\" FROM STDIN (FORMAT csv, HEADER true, DELIMITER E';', QUOTE E'''', NULL E'\\\\N''')")
    }
}
