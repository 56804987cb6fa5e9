import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Idempotency keys")
struct IdempotencyKeyTests {
    private static func find(_ values: [String]) throws(IdempotencyKey.Fault) -> String? {
        var headers = HeaderList()
        headers.append("idempotency-key-2", "another")
        for value in values { headers.append("idempotency-key", value) }
        return try IdempotencyKey.find(Array("idempotency-key".utf8), in: headers)
            .map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(
        "the bare and the quoted form are the same key",
        arguments: [
            ("abc", "abc"), (#""abc""#, "abc"), ("  abc\t", "abc"), (#" "abc" "#, "abc"), (#""a\"b\\c""#, #"a"b\c"#),
            (#"a"b\c"#, #"a"b\c"#), ("a, b", "a, b"), (#"" a ""#, " a "), ("~", "~"), (#"a"#, "a"),
            (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
            ("\"" + String(repeating: #"\\"#, count: 255) + "\"", String(repeating: #"\"#, count: 255)),
        ])
    func good(value: String, key: String) throws {
        #expect(try Self.find([value]) == key)
    }

    @Test(
        "what is no key says why",
        arguments: [
            ([""], .empty), (["  "], .empty), ([#""""#], .empty), (["a", "a"], .doubled), (["", "a"], .doubled),
            ([String(repeating: "k", count: 256)], .tooLong),
            (["\"" + String(repeating: "k", count: 256) + "\""], .tooLong),
            ([String(repeating: "\"", count: 60_000)], .tooLong),
            (["a\u{0}"], .unprintable), (["a\u{1}b"], .unprintable), (["a\tb"], .unprintable), (["ä"], .unprintable),
            (["a\u{7F}"], .unprintable), ([#""a\#u{9}b""#], .unprintable), ([#"""#], .badQuotes),
            ([#""abc"#], .badQuotes), ([#""abc\""#], .badQuotes), ([#""abc\"#], .badQuotes), ([#""a\b""#], .badQuotes),
            ([#""a"b"#], .badQuotes), ([#""a";p=1"#], .badQuotes), ([#""a" "b""#], .badQuotes),
        ] as [([String], IdempotencyKey.Fault)])
    func bad(values: [String], fault: IdempotencyKey.Fault) {
        #expect(throws: fault) { try Self.find(values) }
    }

    @Test("there is no key where there is no header")
    func absent() throws {
        #expect(try Self.find([]) == nil)
    }

    @Test("bytes of any kind are a key of 1 to 255 printable characters, or a fault")
    func hostile() {
        var random = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [0x22, 0x22, 0x5C, 0x5C, 0x20, 0x61, 0x7E, 0x3B, 0x00, 0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...24, using: &random)
            let bytes = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            guard let key = try? bytes.withUnsafeBytes({ try IdempotencyKey($0) }) else { continue }
            #expect((1...255).contains(key.bytes.count) && key.bytes.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }

    @Test(
        "a record is named by key, function, caller and how the caller proved it, and by nothing that runs into another"
    )
    func scopes() throws {
        func scope(_ key: String, _ function: String, _ id: String, _ kind: CredentialKind) throws -> ScopedKey {
            let key = try Array(key.utf8).withUnsafeBytes { try IdempotencyKey($0) }
            return ScopedKey(key, function: function, caller: id, by: kind)
        }
        let all = [
            try scope("k", "CreateUser", "42", .jwt), try scope("k", "CreateUser", "42", .apiKey),
            try scope("k", "CreateUser", "4", .jwt), try scope("2k", "CreateUser", "4", .jwt),
            try scope("k", "CreateUse", "r42", .jwt), try scope("k", "CreateOrder", "42", .jwt),
            try scope("K", "CreateUser", "42", .jwt), try scope("k", "CreateUser", "", .jwt),
        ]
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.bytes.count == 32 })
        #expect(try scope(#""k""#, "CreateUser", "42", .jwt) == all[0])
    }

    @Test("a request is another one when method, path, query, type or body differ, and for no other field")
    func fingerprints() {
        func print(
            _ method: Method = .post, _ path: String = "/a", _ query: String = "b",
            types: [String] = ["application/json"], _ body: String = "c", token: String = "1"
        ) -> RequestFingerprint {
            var headers: HeaderList = ["authorization": token]
            for type in types { headers.append("content-type", type) }
            let request = IncomingRequest(
                method: method, path: Array(path.utf8), query: Array(query.utf8), headers: headers)
            return RequestFingerprint(request, body: Array(body.utf8))
        }
        let all = [
            print(), print(.put), print(.post, "/"), print(.post, "/ab", ""), print(.post, "/a", "bc", ""),
            print(types: []), print(types: ["application/x+json"]), print(.post, "/a", "b", "C"), print(.get),
            print(types: ["application/json", "application/json"]), print(types: ["application/json", "text/plain"]),
            print(types: ["text/plain", "application/json"]), print(types: ["application/jsontext/plain"]),
        ]
        #expect(Set(all).count == all.count)
        #expect(print(token: "2") == all[0])
        #expect(print(.head) == print(.get))
    }
}
