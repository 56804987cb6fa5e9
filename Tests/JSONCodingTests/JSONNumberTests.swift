import JSONCoding
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "text by the grammar is a number, other text is none",
        arguments: [
            ("0", true), ("-0", true), ("12", true), ("1.5", true), ("1e5", true), ("1E+05", true),
            ("-0.0e-0", true),
            ("", false), ("-", false), ("01", false), ("+1", false), ("1.", false), (".1", false),
            ("1e", false),
            ("1e+", false), ("0x1", false), (" 1", false), ("1 ", false), ("NaN", false), ("1_000", false),
            ("--1", false),
        ])
    func grammar(_ text: String, _ isNumber: Bool) {
        #expect((JSONNumber(text: text) != nil) == isNumber)
        if isNumber { #expect(JSONNumber(text: text)?.text == text) }
    }

    @Test("whole numbers are found, however they are written")
    func wholeNumbers() throws {
        #expect(try number("1.0").int == 1)
        #expect(try number("1.5").int == nil)
        #expect(try number("-9223372036854775808.0").int64 == .min)
        #expect(try number("9223372036854775808").int64 == nil)
        #expect(try number("9223372036854775808").exactly(UInt64.self) == 9_223_372_036_854_775_808)
        #expect(try number("3e2").exactly(UInt8.self) == nil)
        #expect(try number("340282366920938463463374607431768211455").exactly(UInt128.self) == .max)
        #expect(try number("-1").exactly(UInt.self) == nil)
        #expect(try number("1e400").isWhole && number("1.00").isWhole && !number("1e-1").isWhole)
        #expect(try number("0.000e-99999999999999999999").int == 0)
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
    }

    @Test(
        "order is exact",
        arguments: [
            ("1", "2"), ("-2", "-1"), ("-1", "0.5"), ("0.1", "0.11"),
            ("9007199254740992", "9007199254740993.0"),
            ("1e399", "1e400"), ("-1e400", "1e-400"), ("0", "1e-400"), ("-1e-400", "0"), ("99", "1e2"),
            ("1.2", "12"),
        ])
    func order(_ smaller: String, _ larger: String) throws {
        let (one, other) = (try number(smaller), try number(larger))
        #expect(one < other)
        #expect(!(other < one))
        #expect(!(one < one))
        #expect(one != other)
    }

    @Test(
        "multiples are exact",
        arguments: [
            ("10", "5", true), ("11", "5", false), ("0", "3", true), ("5", "0", false), ("0.3", "0.1", true),
            ("19.99", "0.01", true), ("19.995", "0.01", false), ("1e300", "7", false), ("1e300", "5", true),
            ("-4.5", "1.5", true), ("25", "50", false), ("1", "0.125", true),
            ("100000000000000000000", "3", false),
            ("100000000000000000002", "3", true), ("1e400", "1", true), ("5", "1e400", false),
            ("-8", "-4", true),
        ])
    func multiples(_ value: String, _ divisor: String, _ isMultiple: Bool) throws {
        #expect(try number(value).isMultiple(of: number(divisor)) == isMultiple)
    }

    @Test("doubles go in and out, where they are finite")
    func doubles() throws {
        #expect(JSONNumber(1.5)?.text == "1.5")
        #expect(JSONNumber(3.0)?.text == "3")
        #expect(JSONNumber(.nan) == nil && JSONNumber(-.infinity) == nil)
        #expect(try number("1e308").double == 1e308)
        #expect(try number("1e309").double == nil)
        #expect(try number("1e-999").double == 0)
        #expect(JSONNumber(7).double == 7)
    }

    private func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text: text)) }
}
