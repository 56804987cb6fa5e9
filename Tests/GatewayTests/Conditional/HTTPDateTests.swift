import Testing

@testable import Gateway

@Suite("Dates in HTTP")
struct HTTPDateTests {
    /// 2026-11-21T02:55:00Z.
    private static let now: Int64 = 1_795_229_700

    private static func parse(_ text: String, now: Int64 = now) -> Int64? {
        Array(text.utf8).withUnsafeBytes { HTTPDate.parse($0, unixSeconds: now) }
    }

    @Test(
        "the three forms are read",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Wed, 31 Dec 1969 23:59:59 GMT", -1), ("Sat Nov 21 02:55:00 2026", 1_795_229_700),
            ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
            ("Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200), ("Wednesday, 09-Nov-94 08:49:37 GMT", 784_370_977),
            // The weekday is not compared.
            ("Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ] as [(String, Int64)])
    func forms(text: String, seconds: Int64) {
        #expect(Self.parse(text) == seconds)
    }

    @Test(
        "anything else is no date",
        arguments: [
            "", "0", "-1", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 gmt", "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 19x4 08:49:37 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
            "Sun,-06 Nov 1994 08:49:37 GMT", "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06 Nov 94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
            ", 06-Nov-94 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov  6 08:49:37 94", "Sun Nov   08:49:37 1994",
            "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaa", ",,,,,,,,,,,,,,,,,,,,,,,,",
        ])
    func refused(text: String) {
        #expect(Self.parse(text) == nil)
    }

    @Test(
        "a year of two digits is at most 50 years ahead",
        arguments: [("94", 1994), ("26", 2026), ("75", 2075), ("76", 2076), ("77", 1977), ("99", 1999), ("00", 2000)])
    func twoDigits(short: String, year: Int) {
        #expect(
            Self.parse("Sunday, 06-Nov-\(short) 08:49:37 GMT") == Self.parse("Sun, 06 Nov \(year) 08:49:37 GMT"))
    }

    @Test("a year of two digits follows the clock into the next century", arguments: [("10", 2110), ("96", 2096)])
    func lateCentury(short: String, year: Int) {
        let now = 125 * 31_556_952 + 86_400 * 100 as Int64
        #expect(
            Self.parse("Sunday, 06-Nov-\(short) 08:49:37 GMT", now: now)
                == Self.parse("Sun, 06 Nov \(year) 08:49:37 GMT"))
    }

    @Test("no clock, however wrong, and no bytes end in more than nil", arguments: [Int64.min, -1, 0, Int64.max])
    func robust(now: Int64) {
        _ = Self.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: now)
        var random = SplitMix(seed: 9)
        let letters = Array("SunFriday, 0123456789Nov-:GMT".utf8)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            _ = bytes.withUnsafeBytes { HTTPDate.parse($0, unixSeconds: now) }
        }
    }

    @Test("every day of 400 years is one after the day before it")
    func everyDay() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var expected: Int64 = -11_676_096_000  // 1600-01-01
        for year in 1600..<2000 {
            for month in months {
                for day in 1...31 {
                    let text = "Sun, \(day < 10 ? "0" : "")\(day) \(month) \(year) 00:00:00 GMT"
                    guard let seconds = Self.parse(text) else { continue }
                    #expect(seconds == expected)
                    expected += 86_400
                }
            }
        }
        #expect(expected == 946_684_800)
    }
}
