import Testing

@testable import Manifests

@Suite("How two manifests differ")
struct ManifestDifferenceTests {
    private func manifest(_ change: (inout FunctionSettings) -> Void = { _ in }) -> Manifest {
        var get = FunctionSettings(
            name: "Get", routes: [RoutePattern(method: "GET", path: "/", segments: [.literal("")])])
        change(&get)
        let put = FunctionSettings(name: "Put", routes: [])
        return Manifest(name: "shop", directory: "/srv", functions: [get, put])
    }

    @Test("places and order do not count")
    func nothing() {
        var moved = manifest { $0.location = SourceLocation(file: "other.yaml", line: 9, column: 9) }
        moved.functions.reverse()
        var old = manifest()
        old.auth = AuthSettings(jwt: JWTSettings(keys: .secret("a secret of 32 bytes, or a few more")))
        moved.auth = old.auth
        moved.auth?.jwt?.location = SourceLocation(file: "other.yaml", line: 3, column: 1)
        #expect(ManifestDifference(from: old, to: moved).isEmpty)
        moved.auth?.jwt?.issuer = "https://issuer.example"
        #expect(ManifestDifference(from: old, to: moved).sections == ["auth"])
    }

    @Test("functions come and go")
    func addedAndRemoved() {
        var new = manifest()
        new.functions[1] = FunctionSettings(name: "Post", routes: [])
        let difference = ManifestDifference(from: manifest(), to: new)
        #expect(
            difference.functions == [
                FunctionDifference(name: "Post", kind: .added),
                FunctionDifference(name: "Put", kind: .removed),
            ])
        #expect(difference.functions.map(\.makesRevision) == [true, false])
    }

    private static let changes: [(FunctionAspect, @Sendable (inout FunctionSettings) -> Void)] = [
        (.routes, { $0.routes = [] }), (.version, { $0.version = "v9" }),
        (.executable, { $0.run = .swift("Other") }),
        (.environment, { $0.env = ["A": "b"] }), (.environment, { $0.uses = [.database] }),
        (.limits, { $0.memory = .mebibytes(1) }), (.limits, { $0.processes = 1 }),
        (.limits, { $0.files = 99 }),
        (.sandbox, { $0.sandbox = .strict }), (.sandbox, { $0.allow.network = .none }),
        (.auth, { $0.auth = .none }),
        (.rate, { $0.rate = [RateRule(limit: 1, per: .seconds(1))] }), (.page, { $0.page = PageSettings() }),
        (.interface, { $0.input.body = SchemaDocument(json: "{}") }), (.interface, { $0.summary = "x" }),
        (.cache, { $0.cache = CacheSettings(lifetime: .seconds(1)) }),
        (.idempotency, { $0.idempotency = .init() }),
        (.handling, { $0.timeout = .seconds(1) }), (.handling, { $0.retry = false }),
        (.handling, { $0.stream.request = true }), (.scale, { $0.scale.max = 1 }),
        (.deployment, { $0.traffic = TrafficSettings(candidate: 0.1) }),
    ]

    @Test("each changed setting is one aspect", arguments: 0..<changes.count)
    func changed(_ index: Int) {
        let (aspect, change) = Self.changes[index]
        let difference = ManifestDifference(from: manifest(), to: manifest(change))
        #expect(difference.functions == [FunctionDifference(name: "Get", kind: .changed([aspect]))])
        let revisions: Set<FunctionAspect> = [.executable, .environment, .limits, .sandbox]
        #expect(difference.functions[0].makesRevision == revisions.contains(aspect))
    }

    @Test("a new database URL is a new environment for the functions that use it, and only for them")
    func databaseURL() {
        var old = manifest { $0.uses = [.database] }
        old.database = DatabaseSettings(url: "postgres://a/x")
        var new = old
        new.database = DatabaseSettings(url: "postgres://b/x")
        let difference = ManifestDifference(from: old, to: new)
        #expect(difference.sections == ["database"])
        #expect(difference.functions == [FunctionDifference(name: "Get", kind: .changed([.environment]))])
    }

    @Test("another folder of executables is another program for every function")
    func executables() {
        var new = manifest()
        new.executables = "/elsewhere"
        let difference = ManifestDifference(from: manifest(), to: new)
        #expect(difference.sections == ["executables"])
        #expect(difference.functions.map(\.kind) == [.changed([.executable]), .changed([.executable])])
    }
}
