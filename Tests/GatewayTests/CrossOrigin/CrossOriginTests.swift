import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Other origins")
struct CrossOriginTests {
    private static let app = "https://app.example.com"

    private static func policy(_ change: (inout Manifest) -> Void = { _ in }) throws -> CrossOriginPolicy {
        var manifest = Manifest(name: "shop", directory: "/srv")
        manifest.cors = CORSSettings(origins: [app, "http://localhost:3000"], maxAge: .seconds(3600))
        change(&manifest)
        return try #require(CrossOriginPolicy(manifest))
    }

    private static func decorated(
        _ policy: CrossOriginPolicy, _ origin: String?, _ headers: HeaderList = HeaderList()
    ) -> HeaderList {
        var headers = headers
        if let origin {
            Array(origin.utf8).withUnsafeBytes { policy.decorate($0, &headers) }
        } else {
            policy.decorate(nil, &headers)
        }
        return headers
    }

    @Test("without `cors` there is no policy")
    func off() {
        #expect(CrossOriginPolicy(Manifest(name: "shop", directory: "/srv")) == nil)
    }

    @Test("a preflight of an allowed origin gets the route's methods and the conventions' headers")
    func preflight() throws {
        let answer = try #require(
            try Self.policy().preflight(
                [
                    "origin": Self.app, "access-control-request-method": "PUT",
                    "access-control-request-headers": "content-type, x-strange",
                ], allowed: [MethodSet(.get), MethodSet(.put)]))
        #expect(answer.status == .noContent)
        #expect(answer.body.isEmpty)
        #expect(
            answer.headers == [
                "allow": "GET, HEAD, PUT, OPTIONS", "access-control-allow-origin": Self.app,
                "access-control-allow-methods": "GET, HEAD, PUT",
                "access-control-allow-headers":
                    "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id, traceparent, "
                    + "api-version",
                "access-control-max-age": "3600",
            ])
    }

    @Test("the names of the manifest's own headers are among the default ones")
    func headerNames() throws {
        let policy = try Self.policy { manifest in
            manifest.versions = VersionSettings(header: "X-Version")
            manifest.auth = AuthSettings(apiKeys: APIKeySettings(header: "X-Key", keys: []))
            var function = FunctionSettings(name: "A", routes: [])
            function.idempotency = IdempotencySettings(header: "X-Once")
            manifest.functions = [function, function]
        }
        let answer = policy.preflight(
            ["origin": Self.app, "access-control-request-method": "GET"], allowed: MethodSet(.get))
        #expect(
            answer?.headers["access-control-allow-headers"]
                == "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id, traceparent, "
                + "x-version, x-key, x-once")
    }

    @Test("what the manifest says stands in place of the defaults")
    func settings() throws {
        let policy = try Self.policy { manifest in
            manifest.cors?.methods = ["GET", "DELETE"]
            manifest.cors?.headers = ["X-One", "X-Two"]
            manifest.cors?.expose = ["X-Three"]
            manifest.cors?.credentials = true
            manifest.cors?.maxAge = nil
        }
        let answer = policy.preflight(
            ["origin": Self.app, "access-control-request-method": "POST"], allowed: MethodSet(.post))
        #expect(
            answer?.headers == [
                "allow": "POST, OPTIONS", "access-control-allow-origin": Self.app,
                "access-control-allow-credentials": "true", "access-control-allow-methods": "GET, DELETE",
                "access-control-allow-headers": "X-One, X-Two",
            ])
        #expect(
            Self.decorated(policy, Self.app) == [
                "access-control-allow-origin": Self.app, "access-control-allow-credentials": "true",
                "access-control-expose-headers": "X-Three",
            ])
    }

    private static let others = [
        "null", "", "https://app.example.com/", "https://app.example.com:443", "http://app.example.com",
        "https://app.example.com.evil.test", "https://evil.test", "https://xapp.example.com", "https://APP.example.com",
        "https://app.example.com https://evil.test", "http://localhost:3001", "http://localhost", "*",
        "https://app.example.co", "https://app.example.com\0",
    ]

    @Test("any other origin is told nothing, in a preflight and in an answer", arguments: others)
    func strangers(origin: String) throws {
        let policy = try Self.policy()
        let answer = try #require(
            policy.preflight(["origin": origin, "access-control-request-method": "GET"], allowed: MethodSet(.get)))
        #expect(answer.status == .noContent)
        #expect(answer.headers == ["allow": "GET, HEAD, OPTIONS"])
        #expect(Self.decorated(policy, origin, ["etag": "\"a\""]) == ["etag": "\"a\""])
        #expect(policy.varyOrigin)
    }

    @Test(
        "a preflight names its origin and the method to come, else it is none",
        arguments: [
            ["origin": app], ["access-control-request-method": "GET"], [:],
        ] as [HeaderList])
    func noPreflight(headers: HeaderList) throws {
        #expect(try Self.policy().preflight(headers, allowed: MethodSet(.get)) == nil)
        #expect(!CrossOriginPolicy.isPreflight(headers))
    }

    @Test(
        "an answer to an allowed origin may be read, with the conventions' fields",
        arguments: [app, "http://localhost:3000"])
    func answers(origin: String) throws {
        #expect(
            Self.decorated(try Self.policy(), origin, ["x-a": "b"]) == [
                "x-a": "b", "access-control-allow-origin": origin,
                "access-control-expose-headers":
                    "X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Link, Location, ETag",
            ])
    }

    @Test("an answer to no origin says nothing, but depends on it")
    func noOrigin() throws {
        let policy = try Self.policy()
        #expect(Self.decorated(policy, nil) == HeaderList())
        #expect(policy.varyOrigin)
    }

    @Test("`*` says the same to everybody and depends on nothing", arguments: [nil, "null", "https://evil.test"])
    func everybody(origin: String?) throws {
        let policy = try Self.policy { $0.cors = CORSSettings(origins: ["*"]) }
        let headers = Self.decorated(policy, origin)
        #expect(headers.values("access-control-allow-origin") == ["*"])
        #expect(!headers.contains("access-control-allow-credentials"))
        #expect(!policy.varyOrigin)
    }

    @Test("`*` with credentials, which the manifest's check refuses, never sends them")
    func everybodyWithCredentials() throws {
        let policy = try Self.policy { $0.cors = CORSSettings(origins: ["*"], credentials: true) }
        let headers = Self.decorated(policy, "https://evil.test")
        #expect(headers["access-control-allow-origin"] == "*")
        #expect(!headers.contains("access-control-allow-credentials"))
    }

    @Test("a handler's own word on it is taken out, for whomever it is")
    func handlers() throws {
        let own: HeaderList = [
            "access-control-allow-origin": "*", "x-a": "b", "access-control-allow-credentials": "true",
            "access-control-expose-headers": "x-secret",
        ]
        #expect(Self.decorated(try Self.policy(), "https://evil.test", own) == ["x-a": "b"])
        #expect(Self.decorated(try Self.policy(), Self.app, own).values("access-control-allow-origin") == [Self.app])
    }

    @Test(
        "an origin in the manifest may have the port that its scheme has anyway",
        arguments: [
            ("https://a.test:443", "https://a.test", true), ("http://a.test:80", "http://a.test", true),
            ("http://a.test:443", "http://a.test", false), ("https://a.test:8443", "https://a.test:8443", true),
            ("null", "null", false),
        ])
    func ports(listed: String, sent: String, isAllowed: Bool) throws {
        let policy = try Self.policy { $0.cors = CORSSettings(origins: [listed]) }
        #expect(Self.decorated(policy, sent).contains("access-control-allow-origin") == isAllowed)
    }
}
