import JSONCoding
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("OpenAPI: errors that can be reached")
struct ReachableErrorsTests {
    private static let always: Set<ErrorCode> = [
        .badRequest, .requestTimeout, .payloadTooLarge, .uriTooLong, .headersTooLarge, .internalError,
        .functionCrashed, .overloaded, .functionUnavailable, .functionTimeout,
    ]
    private static let ofGet = always.union([.preconditionFailed])

    private static func errors(
        _ route: String, _ change: (inout FunctionSettings, inout Manifest) -> Void = { _, _ in }
    ) throws -> ReachableErrors {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        var function = FunctionSettings(name: "F", routes: [try #require(RoutePattern(route))], auth: .none)
        change(&function, &manifest)
        manifest.functions.append(function)
        let operation = try #require(PathTemplates.paths(of: manifest).last?.operations.last)
        return ReachableErrors(operation, in: manifest)
    }

    @Test(
        "what a route can answer by its method and path alone",
        arguments: [
            ("GET /a", [.preconditionFailed]),
            ("GET /a/{id}", [.preconditionFailed, .validationError, .notFound, .methodNotAllowed]),
            ("POST /a", [.validationError, .unsupportedMediaType]), ("DELETE /a", [.validationError]),
        ] as [(String, Set<ErrorCode>)])
    func routes(route: String, more: Set<ErrorCode>) throws {
        #expect(Set(try Self.errors(route).codes) == Self.always.union(more))
    }

    @Test(
        "each rule of authentication has its refusals",
        arguments: [
            (.none, []), (.optional, [.invalidToken]), (.required(), [.noToken, .invalidToken]),
            (.required(roles: ["admin"]), [.noToken, .invalidToken, .forbidden]),
            (.required(scopes: ["a"], by: [.jwt]), [.noToken, .invalidToken, .forbidden]),
        ] as [(AuthRule, Set<ErrorCode>)])
    func authentication(rule: AuthRule, more: Set<ErrorCode>) throws {
        let errors = try Self.errors("GET /a") { function, manifest in
            function.auth = rule
            manifest.auth = AuthSettings(jwt: JWTSettings(keys: .secret("0123456789abcdef0123456789abcdef")))
        }
        #expect(Set(errors.codes) == Self.ofGet.union(more))
    }

    @Test(
        "keys that come over the network can be out of reach, but only for routes that look at tokens",
        arguments: [(.none, false), (.optional, true), (.required(), true), (.required(by: [.apiKey]), false)]
            as [(AuthRule, Bool)])
    func keySets(rule: AuthRule, isReachable: Bool) throws {
        let errors = try Self.errors("GET /a") { function, manifest in
            function.auth = rule
            manifest.auth = AuthSettings(
                jwt: JWTSettings(keys: .url("https://issuer.example.com/keys")), apiKeys: APIKeySettings(keys: []))
        }
        #expect(errors.codes.contains(.authUnavailable) == isReachable)
    }

    @Test("limits, idempotency and other versions add theirs")
    func policies() throws {
        let limited = try Self.errors("GET /a") { function, _ in function.rate = [RateRule(limit: 1, per: .seconds(1))]
        }
        #expect(Set(limited.codes) == Self.ofGet.union([.rateLimitExceeded]))
        let shared = try Self.errors("GET /a") { _, manifest in manifest.rate = [RateRule(limit: 1, per: .seconds(1))] }
        #expect(shared == limited)
        let repeated = try Self.errors("POST /a") { function, _ in function.idempotency = IdempotencySettings() }
        #expect(Set(repeated.codes).isSuperset(of: [.idempotencyConflict, .idempotencyMismatch]))
        #expect(!repeated.codes.contains(.idempotencyKeyRequired))
        let required = try Self.errors("POST /a") { function, _ in
            function.idempotency = IdempotencySettings(required: true)
        }
        #expect(required.codes.contains(.idempotencyKeyRequired))
        let versioned = try Self.errors("GET /a") { _, manifest in
            var other = FunctionSettings(name: "G", routes: [RoutePattern("GET /g")].compactMap { $0 }, auth: .none)
            other.version = "v2"
            manifest.functions.append(other)
        }
        #expect(Set(versioned.codes) == Self.ofGet.union([.notFound]))
    }

    @Test("`errors` adds the runtime's codes by their status, and the handler's own once each")
    func handlers() throws {
        let errors = try Self.errors("GET /a") { function, _ in
            function.errors = ["NOT_FOUND", "SOLD_OUT", "NOT_IMPLEMENTED", "SOLD_OUT", "BAD_REQUEST"]
        }
        #expect(Set(errors.codes) == Self.ofGet.union([.notFound, .notImplemented]))
        #expect(errors.own == ["SOLD_OUT"])
    }

    @Test("every code that is reachable stands at its status, and the handler's own under default")
    func documented() throws {
        let manifest = EverythingManifest.manifest
        let root = try JSONValue.parse(OpenAPIDocument(manifest).bytes)
        var count = 0
        for path in PathTemplates.paths(of: manifest) {
            for operation in path.operations {
                let item = root["paths"]?[path.template]?[operation.route.method.lowercased()]
                let responses = try #require(item?["responses"])
                let errors = ReachableErrors(operation, in: manifest)
                for code in errors.codes {
                    let name = try #require(
                        responses["\(code.status.code)"]?["$ref"]?.stringValue?.split(separator: "/").last)
                    let response = root["components"]?["responses"]?[String(name)]
                    #expect(response?["description"]?.stringValue?.contains("`\(code.rawValue)`") == true)
                    #expect(
                        response?["content"]?.objectValue?.keys == ["application/json", "application/problem+json"])
                    count += 1
                }
                #expect((responses["default"] != nil) == !errors.own.isEmpty)
            }
        }
        #expect(count > 100)
    }
}
