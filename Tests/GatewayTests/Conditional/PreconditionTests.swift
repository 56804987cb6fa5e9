import Testing
import WireProtocol

@testable import Gateway

@Suite("Conditional requests")
struct PreconditionTests {
    private static let now: Int64 = 1_795_229_700
    private static let early = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let same = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let late = "Sun, 06 Nov 1994 08:49:38 GMT"

    private static func verdict(
        _ method: Method, _ request: HeaderList, etag: String?, lastModified: String?, status: Status = .ok
    ) -> Preconditions.Verdict {
        var headers = HeaderList()
        if let etag { headers.append("etag", etag) }
        if let lastModified { headers.append("last-modified", lastModified) }
        return Preconditions.evaluate(
            method, request, OutgoingResponse(status: status, headers: headers), unixSeconds: now)
    }

    // MARK: Tags

    @Test(
        "If-None-Match: what names the answer, weakly and compressed too, is 304; nothing else is",
        arguments: [
            (#""a""#, #""a""#, true), (#""a""#, #"W/"a""#, true), (#"W/"a""#, #""a""#, true),
            (#"W/"a""#, #"W/"a""#, true), (#""a-gzip""#, #""a""#, true), (#"W/"a-gzip""#, #""a""#, true),
            (#""b""#, #""a""#, false), (#""a""#, #""a-gzip""#, false), (#""a-gzip-gzip""#, #""a""#, false),
            (#""a-gzip-gzip""#, #""a-gzip""#, true), (#""a-br""#, #""a""#, false), (#""ab""#, #""a""#, false),
            ("*", #""a""#, true), (" * ", #""a""#, true), ("*", nil, true), (#""a""#, nil, false),
            (#""""#, #""""#, true), (#""-gzip""#, #""""#, true), (#""b", "a""#, #""a""#, true),
            (#""b","c",W/"a""#, #""a""#, true), (#""b" , , "a","#, #""a""#, true), (#""x,a", "y""#, #""x""#, false),
            (#""x,a""#, #""x,a""#, true), (#", "a""#, #""a""#, true), ("", #""a""#, false), (" ,, ", #""a""#, false),
            // Malformed lists name nothing.
            ("a", #""a""#, false), (#""a" "a""#, #""a""#, false), (#""a"#, #""a""#, false),
            (#""a", *"#, #""a""#, false), ("**", #""a""#, false), (#"w/"a""#, #""a""#, false),
            (#"W/ "a""#, #""a""#, false), (#""a", x"#, #""a""#, false), (#""a b""#, #""a b""#, false),
            (#""a"x"#, #""a""#, false), ("\"\u{7f}\"", "\"\u{7f}\"", false), ("W/", #""a""#, false),
            ("W", #""a""#, false), ("\"", #""a""#, false), (#""ä""#, #""ä""#, true),
            // A tag of the handler's that is none is never the same.
            (#""a""#, "a", false), (#""a""#, #""a" "#, false), ("*", "a", true),
        ] as [(String, String?, Bool)])
    func noneMatch(given: String, etag: String?, isKnown: Bool) {
        for method in [Method.get, .head] {
            #expect(
                Self.verdict(method, ["if-none-match": given], etag: etag, lastModified: nil)
                    == (isKnown ? .notModified : .proceed))
        }
    }

    @Test(
        "If-Match: only a strong tag of the answer, compressed or not, lets it through; else 412",
        arguments: [
            (#""a""#, #""a""#, true), (#""a-gzip""#, #""a""#, true), (#"W/"a""#, #""a""#, false),
            (#""a""#, #"W/"a""#, false), (#"W/"a""#, #"W/"a""#, false), (#""b""#, #""a""#, false),
            (#""b", "a""#, #""a""#, true), (#"W/"a", "a""#, #""a""#, true), ("*", #""a""#, true),
            ("*", nil, true), (#""a""#, nil, false), ("", #""a""#, false), ("a", #""a""#, false),
            (#""a" "b""#, #""a""#, false), (#"*, "a""#, #""a""#, false),
        ] as [(String, String?, Bool)])
    func match(given: String, etag: String?, isKnown: Bool) {
        for method in [Method.get, .head] {
            #expect(
                Self.verdict(method, ["if-match": given], etag: etag, lastModified: nil)
                    == (isKnown ? .proceed : .failed))
        }
    }

    @Test("several lines are one list, and a star stands alone")
    func lines() {
        func verdict(_ values: String...) -> Preconditions.Verdict {
            var headers = HeaderList()
            for value in values { headers.append("if-none-match", value) }
            return Self.verdict(.get, headers, etag: #""a""#, lastModified: nil)
        }
        #expect(verdict(#""b""#, #""a""#) == .notModified)
        #expect(verdict(#""a""#, #""b""#) == .notModified)
        #expect(verdict(#""c""#, #""b""#) == .proceed)
        #expect(verdict(#""a""#, "x") == .proceed)
        #expect(verdict("x", #""a""#) == .proceed)
        #expect(verdict("*", #""a""#) == .proceed)
        #expect(verdict(#""a""#, "*") == .proceed)
        #expect(verdict("*", "*") == .proceed)
    }

    // MARK: Dates

    @Test(
        "If-Modified-Since: 304 for what is not younger; whatever cannot be compared is ignored",
        arguments: [
            (early, same, false), (same, same, true), (late, same, true), (same, nil, false), (same, "x", false),
            ("x", same, false), ("", same, false), (late + ", " + late, same, false),
        ] as [(String, String?, Bool)])
    func modifiedSince(given: String, lastModified: String?, isKnown: Bool) {
        for method in [Method.get, .head] {
            #expect(
                Self.verdict(method, ["if-modified-since": given], etag: nil, lastModified: lastModified)
                    == (isKnown ? .notModified : .proceed))
        }
    }

    @Test(
        "If-Unmodified-Since: 412 for what is younger; whatever cannot be compared is ignored",
        arguments: [
            (early, same, true), (same, same, false), (late, same, false), (early, nil, false), (early, "x", false),
            ("x", same, false),
        ] as [(String, String?, Bool)])
    func unmodifiedSince(given: String, lastModified: String?, isFailed: Bool) {
        #expect(
            Self.verdict(.get, ["if-unmodified-since": given], etag: nil, lastModified: lastModified)
                == (isFailed ? .failed : .proceed))
    }

    @Test("a date that comes twice counts for nothing")
    func doubledDates() {
        var headers: HeaderList = ["if-modified-since": Self.late]
        headers.append("if-modified-since", Self.late)
        #expect(Self.verdict(.get, headers, etag: nil, lastModified: Self.same) == .proceed)
        headers = ["if-unmodified-since": Self.early]
        headers.append("if-unmodified-since", Self.early)
        #expect(Self.verdict(.get, headers, etag: nil, lastModified: Self.same) == .proceed)
    }

    // MARK: The order

    /// Section 13.2.2 written down a second time, one step after the other.
    private static func expected(
        _ match: Bool?, _ unmodified: Bool?, _ noneMatch: Bool?, _ modified: Bool?
    ) -> Preconditions.Verdict {
        if let match {
            if !match { return .failed }
        } else if unmodified == false {
            return .failed
        }
        if let noneMatch { return noneMatch ? .proceed : .notModified }
        return modified == false ? .notModified : .proceed
    }

    @Test("every combination of the four fields is decided in the order of RFC 9110", arguments: [true, false])
    func order(hasDate: Bool) {
        for match in [nil, true, false] as [Bool?] {
            for unmodified in [nil, true, false] as [Bool?] {
                for noneMatch in [nil, true, false] as [Bool?] {
                    for modified in [nil, true, false] as [Bool?] {
                        var headers = HeaderList()
                        if let match { headers.append("if-match", match ? #""a""# : #""b""#) }
                        if let unmodified {
                            headers.append("if-unmodified-since", unmodified ? Self.late : Self.early)
                        }
                        if let noneMatch { headers.append("if-none-match", noneMatch ? #""b""# : #""a-gzip""#) }
                        if let modified { headers.append("if-modified-since", modified ? Self.early : Self.late) }
                        let verdict = Self.verdict(
                            .get, headers, etag: #""a""#, lastModified: hasDate ? Self.same : nil)
                        let expected = Self.expected(
                            match, hasDate ? unmodified : nil, noneMatch, hasDate ? modified : nil)
                        #expect(verdict == expected, "\(headers.fields)")
                    }
                }
            }
        }
    }

    @Test("conditions of writes are the handler's", arguments: [Method.post, .put, .patch, .delete, .options])
    func writes(method: Method) {
        let headers: HeaderList = ["if-match": #""b""#, "if-none-match": "*", "if-unmodified-since": Self.early]
        #expect(Self.verdict(method, headers, etag: #""a""#, lastModified: Self.same) == .proceed)
    }

    @Test(
        "conditions count for a 200 only", arguments: [201, 203, 204, 206, 301, 304, 404, 412, 500] as [UInt16])
    func otherStatuses(code: UInt16) {
        for headers: HeaderList in [["if-none-match": "*"], ["if-match": #""b""#]] {
            #expect(
                Self.verdict(.get, headers, etag: #""a""#, lastModified: nil, status: Status(code)) == .proceed)
        }
    }

    @Test("random bytes in the fields never do more than name nothing")
    func noise() {
        var random = SplitMix(seed: 3)
        let letters = Array("\"W/*, a-gzip\\\u{7f}".utf8) + [0, 9, 0xFF]
        for _ in 0..<20_000 {
            let value = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            var headers = HeaderList()
            value.withUnsafeBytes { _ = headers.append("if-none-match", $0) }
            let verdict = Self.verdict(.get, headers, etag: #""a""#, lastModified: nil)
            if verdict != .proceed {
                let text = String(decoding: value, as: UTF8.self)
                #expect(text.contains("\"a\"") || text.contains("\"a-gzip\"") || text.contains("*"))
            }
        }
    }
}
