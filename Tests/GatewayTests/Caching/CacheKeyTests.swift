import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Cache keys")
struct CacheKeyTests {
    private let fixture = CacheFixture()

    /// All that a key may depend on.
    private struct Request: Hashable, CustomStringConvertible {
        var path = "users"
        var query = ""
        var id: String?
        var roles: [String] = []
        var scopes: [String] = []
        var claims: String?
        var kind: CredentialKind?
        var language: String?
        var other: String?

        var caller: CallerIdentity {
            CallerIdentity(Caller(id: id, roles: roles, scopes: scopes, claims: claims), by: kind)
        }
        var headers: HeaderList {
            var headers = HeaderList()
            if let language { headers.append("accept-language", language) }
            if let other { headers.append("x-other", other) }
            return headers
        }
        var description: String {
            "\(path)?\(query) \(id ?? "-") \(roles) \(scopes) \(claims ?? "-") \(language ?? "-")"
        }

        static func random(_ random: inout SplitMix) -> Request {
            // Few letters, so that parts run into each other wherever they can.
            func text() -> String {
                String(
                    (0..<Int.random(in: 0...2, using: &random)).map { _ in
                        "ab,\u{0}".randomElement(using: &random) ?? "a"
                    })
            }
            func optional() -> String? { Bool.random(using: &random) ? text() : nil }
            func list() -> [String] { (0..<Int.random(in: 0...2, using: &random)).map { _ in text() } }
            return Request(
                path: text(), query: text(), id: optional(), roles: list(), scopes: list(), claims: optional(),
                kind: [nil, .jwt, .apiKey].randomElement(using: &random) ?? nil, language: optional(), other: nil)
        }
    }

    @Test("two requests share a key only where nothing that the handler sees tells them apart")
    func property() throws {
        let policy = try fixture.policy(
            CacheFixture.settings(vary: [.caller, .header("accept-language"), .header("x-other")]))
        var random = SplitMix(seed: 11)
        var keys: [[UInt8]: Request] = [:]
        var requests: Set<Request> = []
        for _ in 0..<60_000 {
            let request = Request.random(&random)
            requests.insert(request)
            let key = fixture.key(
                policy, request.path, query: request.query, caller: request.caller, headers: request.headers)
            if let other = keys[key.bytes] { #expect(other == request) }
            keys[key.bytes] = request
        }
        #expect(keys.count == requests.count)
        #expect(requests.count > 20_000)
    }

    @Test("the same request has the same key, a hash for one is a hash for the other")
    func same() throws {
        let policy = try fixture.policy(CacheFixture.settings(vary: [.caller, .header("accept")]))
        let request = Request(query: "a=1", id: "7", roles: ["admin"], kind: .jwt)
        let one = fixture.key(policy, query: "a=1", caller: request.caller, headers: ["accept": "x"])
        let two = fixture.key(policy, query: "a=1", caller: request.caller, headers: ["b": "c", "accept": "x"])
        #expect(one.isSame(as: two))
    }

    @Test("a caller whose id, role, scope, claim or kind of credential differs finds nothing of another's")
    func callers() throws {
        let policy = try fixture.policy(CacheFixture.settings(vary: [.caller]))
        let mine = Request(id: "7", roles: ["admin"], scopes: ["a"], claims: "{}", kind: .jwt)
        #expect(try fixture.store(fixture.key(policy, caller: mine.caller), "mine"))
        var others = [Request](repeating: mine, count: 8)
        others[0].id = "8"
        others[1].id = nil
        others[2].roles = []
        others[3].scopes = ["a", "b"]
        others[4].claims = #"{"tenant":1}"#
        others[5].kind = .apiKey
        others[6].roles = ["admin", ""]
        others[7] = Request()
        for other in others {
            #expect(fixture.found(fixture.key(policy, caller: other.caller)) == nil)
            #expect(fixture.join(fixture.key(policy, caller: other.caller)).word == "lead")
        }
        #expect(fixture.found(fixture.key(policy, caller: mine.caller)) == "mine")
        #expect(fixture.found(fixture.key(policy)) == nil)
    }

    @Test("anonymous callers share, and are nobody's namesake")
    func anonymous() {
        #expect(CallerIdentity(.anonymous, by: nil) == .anonymous)
        #expect(CallerIdentity(Caller(id: ""), by: nil) != .anonymous)
    }

    @Test("without `caller` in vary all callers share, and the handler is told of none")
    func shared() throws {
        let policy = try fixture.policy()
        #expect(!policy.variesByCaller)
        let one = fixture.key(policy, caller: Request(id: "1", kind: .jwt).caller)
        #expect(one.isSame(as: fixture.key(policy)))
    }

    @Test("function, version, revision and what it depends on are parts of the key")
    func prefix() throws {
        let policies = [
            try fixture.policy(), try fixture.policy(CacheFixture.settings("Other")),
            try fixture.policy(CacheFixture.settings(version: "v2")),
            try fixture.policy(revision: "abc"),
            try fixture.policy(CacheFixture.settings(vary: [.caller])),
            try fixture.policy(CacheFixture.settings(vary: [.header("a")])),
            try fixture.policy(CacheFixture.settings(vary: [.header("b")])),
            try fixture.policy(CacheFixture.settings(query: [])),
            try fixture.policy(CacheFixture.settings(query: ["a"])),
        ]
        #expect(Set(policies.map { fixture.key($0).bytes }).count == policies.count)
    }

    @Test("a header that is absent, empty, doubled or joined is another one each")
    func headerForms() throws {
        let policy = try fixture.policy(CacheFixture.settings(vary: [.header("a"), .header("b")]))
        var doubled: HeaderList = ["a": "1"]
        doubled.append("a", "2")
        let forms: [HeaderList] = [
            [:], ["a": ""], ["b": ""], ["a": "1"], ["b": "1"], ["a": "1", "b": ""], doubled, ["a": "1, 2"],
            ["a": "12"], ["a": "1", "b": "2"], ["a": "2", "b": "1"],
        ]
        #expect(Set(forms.map { fixture.key(policy, headers: $0).bytes }).count == forms.count)
    }

    @Test("the whole query counts as it came")
    func wholeQuery() throws {
        let policy = try fixture.policy()
        let queries = ["", "a=1", "a=1&b=2", "b=2&a=1", "a=1&", "a=%31", "A=1"]
        #expect(policy.reduced(Array("a=1&x".utf8)) == Array("a=1&x".utf8))
        #expect(Set(queries.map { fixture.key(policy, query: $0).bytes }).count == queries.count)
    }

    @Test(
        "with `cache.query` only those parameters are left, in one order and one encoding",
        arguments: [
            ("", ""), ("x=1", ""), ("b=2&a=1", "a=1&b=2"), ("a=1&x=9&b=2", "a=1&b=2"), ("%61=%31", "a=1"),
            ("a=1+2", "a=1%202"), ("a=1%202", "a=1%202"), ("a", "a="), ("a=", "a="), ("a=2&a=1", "a=2&a=1"),
            ("A=1", ""), ("a=%26b%3D", "a=%26b%3D"), ("a=b=c", "a=b%3Dc"), ("a=%C3%A4", "a=%C3%A4"),
            ("&&a=1&&", "a=1"), ("limit=5&page=2", ""),
        ])
    func namedQuery(query: String, reduced: String) throws {
        let policy = try fixture.policy(CacheFixture.settings(query: ["b", "a", "a"]))
        #expect(policy.reduced(Array(query.utf8)) == Array(reduced.utf8))
    }

    @Test("what cannot be decoded is left to be refused", arguments: ["a=%", "x=%zz", "a=%00", "x=%ff"])
    func malformedQuery(query: String) throws {
        #expect(try fixture.policy(CacheFixture.settings(query: ["a"])).reduced(Array(query.utf8)) == nil)
    }

    @Test("the page always counts")
    func page() throws {
        let query = Array("cursor=c&page=2&limit=5&x=1".utf8)
        let numbered = try fixture.policy(CacheFixture.settings(query: [], page: .init(style: .page)))
        #expect(numbered.reduced(query) == Array("limit=5&page=2".utf8))
        let cursor = try fixture.policy(CacheFixture.settings(query: [], page: .init(style: .cursor)))
        #expect(cursor.reduced(query) == Array("cursor=c&limit=5".utf8))
    }

    @Test("the handler sees the headers of the key, and no condition or range even then")
    func headers() throws {
        let request: HeaderList = [
            "authorization": "Bearer x", "cookie": "a", "host": "evil", "x-forwarded-host": "evil",
            "accept-language": "de", "if-none-match": "*", "if-match": "x", "if-range": "x", "range": "bytes=0-",
            "if-modified-since": "x", "if-unmodified-since": "x",
        ]
        #expect(try fixture.policy().reduced(request) == [:])
        let all = request.fields.map { CacheSettings.Variant.header($0.name) }
        let policy = try fixture.policy(CacheFixture.settings(vary: all))
        #expect(
            policy.reduced(request).fields.map(\.name) == [
                "authorization", "cookie", "host", "x-forwarded-host", "accept-language",
            ])
        let language = try fixture.policy(CacheFixture.settings(vary: [.header("Accept-Language")]))
        #expect(language.reduced(request) == ["accept-language": "de"])
    }

    @Test("the cache answers GET and HEAD without a body")
    func methods() throws {
        let policy = try fixture.policy()
        for method in Method.allCases {
            #expect(policy.takes(method, contentLength: 0) == (method == .get || method == .head))
            #expect(!policy.takes(method, contentLength: 1))
            #expect(!policy.takes(method, contentLength: nil))
        }
    }

    @Test("a function without `cache` has no policy")
    func none() {
        #expect(CachePolicy(FunctionSettings(name: "A", routes: []), in: fixture.cache) == nil)
    }
}
