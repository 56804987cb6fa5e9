import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Cache-Control")
struct CacheControlTests {
    private static func read(_ lines: String...) -> CacheControl {
        var headers = HeaderList()
        for line in lines { headers.append("cache-control", line) }
        return CacheControl(headers)
    }

    @Test(
        "what forbids storing is found in any case, with arguments and among others",
        arguments: [
            "no-store", "No-Store", "private", "PRIVATE", "no-cache", "max-age=5, private", "public,no-store",
            #"private="set-cookie""#, #"no-cache="a, b""#, "no-store=x", " , ,private", "foo, no-store , bar",
            #"x="y", no-store"#, #"x="\"", no-store"#, "private;", "private x", "max-age=5;private", "\"no-store\"",
            #"x="unclosed, no-store"#, "max-age=\"5, private", "max-age = 5", "=5", "@", "no-store\u{1}", "x=\"\\",
        ])
    func forbids(value: String) {
        #expect(Self.read(value).forbidsStoring)
    }

    @Test(
        "what does not forbid it is no reason against it",
        arguments: [
            "", "public", "max-age=60", "must-revalidate", "no-transform", "immutable", "no-stored", "x-private",
            #"x="private""#, #"x="no-store, private""#, "s-maxage=5,max-age=1", "stale-while-revalidate=60", ",",
            "x=private", #"max-age="60""#, "proxy-revalidate",
        ])
    func allows(value: String) {
        #expect(!Self.read(value).forbidsStoring)
    }

    @Test(
        "seconds are read as RFC 9111 says, and what is no number is 0",
        arguments: [
            ("max-age=60", 60), ("MAX-AGE=60", 60), (#"max-age="60""#, 60), ("max-age=0", 0), ("max-age", 0),
            ("max-age=", 0), ("max-age=-1", 0), ("max-age=1.5", 0), ("max-age=x", 0), ("max-age=007", 7),
            ("max-age=2147483648", 1 << 31), ("max-age=99999999999999999999999999", 1 << 31),
            ("max-age=10, max-age=5", 5), ("max-age=5, max-age=10", 5), ("public", nil), ("s-maxage=3", nil),
        ] as [(String, UInt32?)])
    func seconds(value: String, expected: UInt32?) {
        #expect(Self.read(value).maxAge == expected)
    }

    @Test("several lines are one")
    func lines() {
        let control = Self.read("max-age=60", "s-maxage=10, no-transform", "private")
        #expect(control.maxAge == 60)
        #expect(control.sharedMaxAge == 10)
        #expect(control.isPrivate && control.noTransform && !control.noStore)
    }

    @Test("random bytes are read to the end")
    func noise() {
        var random = SplitMix(seed: 5)
        let letters = Array("no-store,=\"\\ private;max-age5".utf8) + [0, 0xFF]
        for _ in 0..<20_000 {
            let value = (0..<Int.random(in: 0...16, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            var headers = HeaderList()
            value.withUnsafeBytes { _ = headers.append("cache-control", $0) }
            _ = CacheControl(headers)
        }
    }

    // MARK: What is sent where the handler says nothing

    @Test(
        "clients are told what the contract says",
        arguments: [
            (AuthRule.none, nil, 200, "no-cache"), (.none, nil, 204, "no-cache"), (.none, nil, 301, "no-cache"),
            (.none, nil, 302, "no-cache"), (.none, nil, 404, "no-store"), (.none, nil, 500, "no-store"),
            (.optional, nil, 200, "private, no-cache"), (.required(), nil, 200, "private, no-cache"),
            (.required(), nil, 304, "private, no-cache"), (.required(), nil, 403, "no-store"),
            (.none, 30, 200, "max-age=30"), (.none, 30, 302, "no-cache"), (.none, 30, 308, "max-age=30"),
            (.optional, 30, 200, "private, max-age=30"), (.required(), 30, 302, "private, no-cache"),
            (.required(), 0, 200, "private, max-age=0"),
        ] as [(AuthRule, Int?, UInt16, String)])
    func defaults(auth: AuthRule, clients: Int?, code: UInt16, expected: String) {
        let defaults = CacheControlDefaults(auth: auth, clients: clients.map { .seconds($0) })
        for method in [Method.get, .head] {
            var headers = HeaderList()
            defaults.append(method, Status(code), to: &headers)
            #expect(headers == ["cache-control": expected])
        }
        var headers = HeaderList()
        defaults.append(.post, Status(code), to: &headers)
        #expect(headers.count == 0)
    }

    @Test("what the handler set stays as it is")
    func own() {
        var headers: HeaderList = ["cache-control": "public, max-age=5"]
        CacheControlDefaults(auth: .required(), clients: .seconds(1)).append(.get, .ok, to: &headers)
        #expect(headers == ["cache-control": "public, max-age=5"])
    }
}
