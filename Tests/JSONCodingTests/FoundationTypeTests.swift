import FoundationEssentials
import JSONCoding
import Testing

@Suite("Dates, data, decimals, UUIDs and URLs")
struct FoundationTypeTests {
    struct Record: Codable, Equatable {
        var at: Date
        var data: Data
        var price: Decimal
        var id: UUID
        var link: URL?
    }

    @Test("they have their JSON forms")
    func forms() throws {
        let record = Record(
            at: Date(timeIntervalSince1970: 1_763_700_480.123), data: Data([0, 255, 16]),
            price: try #require(Decimal(string: "19.90")),
            id: try #require(UUID(uuidString: "6BA7B810-9DAD-11D1-80B4-00C04FD430C8")),
            link: URL(string: "https://example.com/a?b=c"))
        let text =
            #"{"at":"2025-11-21T04:48:00.123Z","data":"AP8Q","price":19.9,"#
            + #""id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","link":"https://example.com/a?b=c"}"#
        #expect(try json(record) == text)
        let read = try value(Record.self, from: text)
        #expect(read.data == record.data && read.price == record.price && read.id == record.id)
        #expect(read.link == record.link)
        #expect(abs(read.at.timeIntervalSince(record.at)) < 0.0001)
        #expect(try json(read) == text)
    }

    @Test("inside arrays, dictionaries and optionals too")
    func inside() throws {
        let epoch = Date(timeIntervalSince1970: 0)
        #expect(try json([epoch]) == #"["1970-01-01T00:00:00.000Z"]"#)
        #expect(try json(["d": Date?.some(epoch)]) == #"{"d":"1970-01-01T00:00:00.000Z"}"#)
        #expect(try value([Date?].self, from: #"["1970-01-01T00:00:00Z",null]"#) == [epoch, nil])
        #expect(try value(Date.self, from: #""1970-01-01T00:00:00Z""#) == epoch)
        #expect(try json(epoch) == #""1970-01-01T00:00:00.000Z""#)
    }

    @Test(
        "timestamps are read with any fraction and offset",
        arguments: [
            ("2024-02-29T23:59:59Z", 1_709_251_199.0), ("2024-02-29T23:59:59.5z", 1_709_251_199.5),
            ("2024-03-01t01:29:59+01:30", 1_709_251_199), ("2024-02-29T18:29:59.000-05:30", 1_709_251_199),
            ("0000-01-01T00:00:00Z", -62_167_219_200), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("1969-12-31T23:59:59.25Z", -0.75), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2000-02-29T00:00:00.1234567891234Z", 951_782_400.123456789),
        ])
    func timestamps(_ text: String, _ seconds: Double) throws {
        #expect(try value(Date.self, from: "\"\(text)\"") == Date(timeIntervalSince1970: seconds))
    }

    @Test(
        "what is no RFC 3339 timestamp is refused",
        arguments: [
            "", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+0100", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00Zx",
            "2024-01-01 00:00:00Z",
            "2024-01-01", "+024-01-01T00:00:00Z", "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.5",
        ])
    func noTimestamps(_ text: String) {
        #expect(failure(Date.self, from: "\"\(text)\"")?.kind == .invalidValue)
    }

    @Test("every day of 400 years is written and read the same")
    func calendar() throws {
        var seconds = -11_676_096_000.0
        while seconds < 946_684_800 {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(try value(Date.self, from: json(date)) == date)
            seconds += 86_400 * 31
        }
    }

    @Test("decimals are exact up to 38 digits and refused beyond")
    func decimals() throws {
        for text in [
            "0", "-0.01", "12345678901234567890.123456789", "1e10", "99999999999999999999999999999999999999",
        ] {
            #expect(try value(Decimal.self, from: text) == Decimal(string: text))
        }
        #expect(
            try json(Decimal(string: "12345678901234567890.123456789")) == "12345678901234567890.123456789")
        #expect(try json(Decimal(string: "-1e-5")) == "-0.00001")
        for text in ["1e400", "1e-400", "0.123456789012345678901234567890123456789"] {
            #expect(failure(Decimal.self, from: text)?.kind == .invalidValue)
        }
        #expect(throws: JSONEncodingError.self) { try json(Decimal.nan) }
    }

    @Test("what they cannot be read from is refused with what is expected")
    func refused() {
        #expect(failure([Date].self, from: "[5]")?.description == "[0]: expected a timestamp, found a number")
        #expect(failure([UUID].self, from: #"["x"]"#)?.description == "[0]: expected a UUID")
        #expect(failure(Data.self, from: #""%""#)?.message == "expected base64 text")
        #expect(failure(URL.self, from: #""""#)?.message == "expected a URL")
        #expect(failure(Decimal.self, from: #""1""#)?.message == "expected a number, found a string")
        #expect(throws: JSONEncodingError.self) { try json(Date(timeIntervalSince1970: 1e12)) }
        #expect(throws: JSONEncodingError.self) { try json(Date(timeIntervalSince1970: .nan)) }
    }
}
