import Testing

@testable import Manifests

@Suite("Whole manifests and what they become")
struct ValidManifestTests {
    @Test("each whole manifest loads without a word", arguments: Fixtures.names("Valid"))
    func loads(_ name: String) throws {
        let loaded = try Fixtures.load("Valid", name)
        #expect(loaded.diagnostics.map(\.description) == [])
        #expect(loaded.manifest != nil)
    }

    @Test("the reference API's own manifest loads with what is obeyed")
    func reference() {
        let path = Fixtures.folder.appending(path: "../../../manifest.yaml").path()
        let loaded = ManifestLoader.load(path: path, environment: Fixtures.environment)
        #expect(loaded.diagnostics.map(\.description) == [])
        #expect(loaded.manifest?.function("ListUsers")?.uses == [.database])
    }

    @Test("one variable takes the place of every limit of the reference API's manifest")
    func referenceLimits() throws {
        let path = Fixtures.folder.appending(path: "../../../manifest.yaml").path()
        for (limit, expected) in [(nil, [10, 30, 300, 1000]), ("77", [77])] as [(String?, Set<Int>)] {
            var environment = Fixtures.environment
            environment["RATE_LIMIT"] = limit
            let manifest = try #require(ManifestLoader.load(path: path, environment: environment).manifest)
            let rules = manifest.rate + manifest.functions.flatMap(\.rate)
            #expect(Set(rules.map(\.limit)) == expected)
            #expect(manifest.functions.allSatisfy { !$0.rate.isEmpty })
        }
    }

    @Test("a manifest of four lines has every default")
    func minimal() throws {
        let manifest = try #require(try Fixtures.load("Valid", "minimal").manifest)
        var function = FunctionSettings(
            name: "GetUser", routes: [try #require(RoutePattern("GET /users/{id}"))], auth: .none,
            location: SourceLocation(file: "manifest.yaml", line: 4, column: 3))
        function.version = "v1"
        let expected = Manifest(name: "shop", directory: manifest.directory, functions: [function])
        #expect(manifest == expected)
        #expect(manifest.executables == manifest.directory + "/.build/release")
        #expect(manifest.path == manifest.directory + "/manifest.yaml")
        #expect(manifest.secret == nil)
        #expect(manifest.versions == VersionSettings(header: "api-version", default: "v1"))
    }

    @Test("every key of the first version reaches its setting")
    func supported() throws {
        let manifest = try #require(try Fixtures.load("Valid", "supported").manifest)
        let folder = manifest.directory
        #expect(manifest.executables == folder + "/bin")
        #expect(manifest.secret == "postgres://shop:secret@db.example.com/shop")
        let server = manifest.server
        #expect(
            server.listen == [
                .tcp(host: "127.0.0.1", port: 8080), .tcp(host: "::1", port: 0), .unix(folder + "/http.sock"),
            ])
        #expect(server.admin == .tcp(host: "localhost", port: 9901))
        #expect(server.prefix == "/api")
        #expect(server.headerTimeout == .milliseconds(500))
        #expect(server.idleTimeout == .seconds(60))
        #expect(server.shutdown == .zero)
        #expect(server.shutdownDelay == .seconds(1))
        #expect(server.maxConnections == 200)
        #expect(server.threads == 3)
        #expect(manifest.versions == VersionSettings(header: "x-version", default: "v3"))
        #expect(manifest.log.level == .debug)
        #expect(manifest.log.requests == .errors)
        #expect(manifest.log.redact == ["pin"])
        #expect(manifest.health.every == .seconds(2))
        #expect(
            manifest.health.services == [
                HealthService(name: "database", kind: .postgres("postgres://shop@localhost/shop")),
                HealthService(name: "rates", kind: .http("http://localhost:9/rates"), required: false),
            ])
        #expect(manifest.database?.url == "postgres://shop:secret@db.example.com/shop")
        #expect(manifest.database?.idleTimeout == .seconds(3600))
        #expect(manifest.database?.connectionTimeout == .milliseconds(300))
    }

    @Test("defaults merge key by key, lists and scalars replace, null removes")
    func defaults() throws {
        let manifest = try #require(try Fixtures.load("Valid", "supported").manifest)
        #expect(manifest.functions.map(\.name) == ["ListUsers", "GetFile", "Root", "Tool"])
        let list = try #require(manifest.function("ListUsers"))
        #expect(list.auth == .none)
        #expect(list.timeout == .seconds(3))
        #expect(list.page == PageSettings(style: .cursor, default: 5, max: 5))
        #expect(list.scale.min == 1 && list.scale.max == 2 && list.scale.concurrency == 1)
        #expect(list.scale.target == 0.5 && list.scale.idle == .seconds(5))
        #expect(list.scale.queue == 0 && list.scale.wait == .zero)
        #expect(list.body == .kibibytes(512) && !list.retry && list.files == 64)
        #expect(list.uses == [.database])
        #expect(
            list.env == [
                "LOG_LEVEL": "trace", "COUNT": "3", "ON": "true", "PRICE": "${literal}", "EMPTY": "",
            ])
        #expect(list.routes.map(\.path) == ["/users", "/people/"])
        #expect(list.routes[1].segments == [.literal("people"), .literal("")])
        #expect(list.version == "v3")
        let file = try #require(manifest.function("GetFile"))
        #expect(file.page == nil)
        #expect(file.timeout == .seconds(10))
        #expect(file.routes[0].segments == [.literal("files"), .parameter("folder"), .rest("path")])
        #expect(file.version == "v4")
        #expect(file.run == .command([manifest.directory + "/bin/files", "--root", "data"]))
        #expect(manifest.function("Root")?.run == .swift("RootProgram"))
        #expect(manifest.function("Root")?.routes[0].segments == [.literal("")])
        #expect(manifest.function("Tool")?.run == .command(["python3", "-u"]))
        #expect(list.location == SourceLocation(file: "manifest.yaml", line: 35, column: 3))
    }

    @Test("an anchor's value is there wherever its alias stands")
    func anchors() throws {
        let manifest = try #require(try Fixtures.load("Valid", "anchors").manifest)
        #expect(manifest.functions.map(\.scale.max) == [2, 2])
        #expect(manifest.functions.map(\.scale.queue) == [10, 10])
    }

    @Test("the contract's example is read whole")
    func contract() throws {
        let manifest = try #require(try Fixtures.load("Valid", "contract").manifest)
        #expect(manifest.secret == nil)
        let jwt = try #require(manifest.auth?.jwt)
        #expect(jwt.keys == .secret(String(repeating: "k", count: 32)))
        #expect(jwt.algorithms == [.hs256])
        #expect(jwt.claims == JWTSettings.Claims())
        #expect(jwt.leeway == .seconds(30) && jwt.expiresIn == .seconds(86_400))
        let keys = try #require(manifest.auth?.apiKeys)
        #expect(keys.header == "X-API-Key")
        #expect(
            keys.keys == [
                .init(
                    name: "reports", hashes: [[UInt8](repeating: 10, count: 32)], roles: ["reader"],
                    expires: 1_798_761_600)
            ])
        #expect(manifest.rate == [RateRule(limit: 1000, per: .seconds(900), by: .client)])
        #expect(manifest.cors == CORSSettings(origins: ["https://app.example.com"], maxAge: .seconds(3600)))
        #expect(manifest.compression == CompressionSettings())
        #expect(manifest.openapi == OpenAPISettings())
        #expect(manifest.log == LogSettings())
        #expect(manifest.database?.connections == 20 && manifest.database?.minConnections == 2)
        #expect(manifest.workers == WorkersSettings() && manifest.deploy == DeploySettings())
        let names: [FunctionName] = ["ListUsers", "GetUser", "CreateUser", "ListUsersV2"]
        #expect(manifest.functions.map(\.name) == names)
        #expect(manifest.functions.allSatisfy { $0.rate == [RateRule(limit: 100, per: .seconds(900))] })
        let list = manifest.functions[0]
        #expect(list.auth == .required(roles: ["admin", "support"]))
        #expect(list.page == PageSettings(style: .page, default: 10, max: 100))
        #expect(list.cache == CacheSettings(lifetime: .seconds(30), clearedBy: ["CreateUser"]))
        #expect(list.env == ["LOG_LEVEL": "info"])
        let get = manifest.functions[1]
        #expect(get.auth == .required())
        #expect(
            get.input.path?.json
                == #"{"type":"object","properties":{"id":{"type":"string","pattern":"^[0-9]+$"}}}"#)
        #expect(get.input.path?.path == nil)
        let create = manifest.functions[2]
        #expect(create.auth == .required(scopes: ["users:write"]))
        #expect(create.input.body?.json.contains("\"email\"") == true)
        #expect(create.input.body?.path == manifest.directory + "/body.schema.json")
        #expect(create.idempotency == IdempotencySettings())
        #expect(manifest.functions[3].version == "v2")
        #expect(manifest.functions[3].page == PageSettings(style: .cursor, default: 20, max: 100))
    }

    @Test(
        "an API key that has expired is a warning",
        arguments: [("2026-05-01", ["warning"]), ("2026-05-01T12:00:01Z", []), ("2026-05-02", [])]
            as [(String, [String])])
    func expiredKey(_ date: String, _ expected: [String]) throws {
        let now = try #require(TextFormat.seconds(ofDate: "2026-05-01T12:00:00Z"))
        let hash = String(repeating: "0a", count: 32)
        let text = Fixtures.manifest(
            "auth: {apiKeys: {keys: {reports: {sha256: [\"\(hash)\"], expires: \"\(date)\"}}}}")
        let reader: ManifestLoader.FileReader = { _ in throw FileReadError.notFound }
        let loaded = ManifestLoader(allowing: .supported, now: now)
            .load(bytes: Array(text.utf8), path: "m.yaml", environment: [:], fileReader: reader)
        #expect(loaded.manifest != nil)
        #expect(loaded.diagnostics.map(\.severity.rawValue) == expected)
    }

    @Test("keys that come later are typed already")
    func everything() throws {
        let manifest = try #require(try Fixtures.load("Valid", "everything").manifest)
        #expect(manifest.server.listen == [.systemd("http")])
        let proxies = manifest.server.trustedProxies.map(\.description)
        #expect(proxies == ["10.0.0.0/8", "fd00:0:0:0:0:0:0:0/8", "192.168.1.7/32"])
        #expect(manifest.server.forwardedBy == .forwarded)
        let jwt = try #require(manifest.auth?.jwt)
        #expect(jwt.keys == .document("{\"keys\": []}"))
        #expect(jwt.audience == ["shop", "admin"] && jwt.issuer == "https://issuer.example.com")
        #expect(jwt.claims.id == ["email"] && jwt.claims.scopes == ["scope", "scp"])
        #expect(manifest.auth?.apiKeys?.keys[0].expires == 1_798_804_800)
        #expect(manifest.rate.map(\.by) == [.client, .function])
        #expect(manifest.cors?.allowsEveryOrigin == true && manifest.cors?.expose == ["X-B"])
        #expect(manifest.database?.replicas == ["postgres://replica/shop"])
        #expect(
            manifest.workers.memory == .bytes(.mebibytes(2048)) && manifest.workers.uids == 61_000...61_999)
        #expect(manifest.deploy.on == .apply)
        let report = manifest.functions[0]
        // `auth` and `rate` are maps: what the function says merges with the defaults.
        #expect(report.auth == .required(roles: ["reader"], scopes: ["users:read"], by: [.apiKey]))
        #expect(report.rate == [RateRule(limit: 5, per: .seconds(900), by: .caller)])
        #expect(
            report.input.query?.json
                == #"{"type":"object","properties":{"role":{"type":"string","enum":["admin","1",null]},"#
                + #""limit":{"type":"integer","minimum":1,"default":10.5}}}"#)
        #expect(report.output?.json == #"{"type":"object","const":null,"minimum":1.50,"pattern":"^[0-9]+$"}"#)
        #expect(report.summary == "A report" && report.tags == ["reports"] && report.errors == ["NOT_FOUND"])
        #expect(
            report.cache
                == CacheSettings(
                    lifetime: .seconds(30), vary: [.caller], query: ["page"], clients: .seconds(5),
                    clearedBy: ["Upload"]))
        #expect(report.memory == .mebibytes(64) && report.processes == 4 && report.sandbox == .strict)
        #expect(report.allow.read == [manifest.directory + "/data"] && report.allow.network == .ports([443]))
        #expect(report.smoke.map(\.status) == [200, 404] && report.traffic?.candidate == 0.125)
        #expect(report.rollback == RollbackSettings(errors: 0.2, of: 5, within: .seconds(10)))
        #expect(report.scale.stable == .seconds(30) && report.scale.requests == 1000)
        let upload = manifest.functions[1]
        #expect(upload.cache == nil && upload.stream.request)
        #expect(upload.rate == [RateRule(limit: 1, per: .seconds(60))])
        #expect(
            manifest.functions[2].idempotency
                == IdempotencySettings(header: "X-Once", lifetime: .seconds(3600), required: true))
    }
}
