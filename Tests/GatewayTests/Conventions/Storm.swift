import Manifests
import Testing
import WireProtocol

@testable import Gateway

/// Requests, bodies, replies, failures and clients that leave, in an order drawn by lot.
struct Storm {
    private struct Draft {
        let method: WireProtocol.Method
        let target: String
        let headers: HeaderList
        let body: [UInt8]
    }

    let store = FakeIdempotencyStore()
    let fixture: GatewayFixture
    private var random: SplitMix
    private var flights: [StormFlight] = []
    private var latest: Draft?
    /// How many requests were made.
    private var count = 0
    /// What became of the requests, in words.
    private(set) var met: Set<String> = []
    /// What must not have happened.
    private(set) var faults: [String] = []
    private let tokens: [String]

    init(seed: UInt64) async throws {
        random = SplitMix(seed: seed)
        let manifest = Self.manifest(&random)
        let fixture = GatewayFixture(manifest, idempotency: store)
        self.fixture = fixture
        tokens = ["1", "2", "3"].map { TokenMint.hs256(TokenMint.claims("\"sub\":\"\($0)\",\"role\":\"admin\"")) }
        // One token is known, one is known to one loop, one to none.
        for loop in 0...1 { try await fixture.learn(tokens[0], at: "/v1/learn", loop: loop) }
        try await fixture.learn(tokens[1], at: "/v1/learn", loop: 1)
    }

    /// Policies drawn by lot.
    static func manifest(_ random: inout SplitMix) -> Manifest {
        let routes = ["GET /a", "GET /b/{id}", "POST /a", "PUT /b/{id}", "DELETE /b/{id}", "POST /c"]
        var functions = [ConventionsManifest.function("Learn", "GET /learn", auth: .optional)]
        for (number, route) in routes.enumerated() {
            let auths: [AuthRule] = [.none, .optional, .required(), .required(roles: ["admin"])]
            let auth = auths.randomElement(using: &random) ?? .none
            functions.append(
                ConventionsManifest.function("F\(number)", route, auth: auth) { function in
                    let isRead = route.hasPrefix("GET")
                    if Bool.random(using: &random) {
                        function.rate = [
                            RateRule(
                                limit: 6, per: .seconds(60),
                                by: [.client, .caller, .function].randomElement(using: &random) ?? .key)
                        ]
                    }
                    if isRead, Int.random(in: 0..<4, using: &random) > 0 {
                        var cache = CacheSettings(lifetime: .seconds(5), vary: auth == .none ? [] : [.caller])
                        if Bool.random(using: &random) { cache.vary.append(.header("accept-language")) }
                        if Bool.random(using: &random) { cache.clearedBy = ["F2"] }
                        function.cache = cache
                    }
                    if route == "GET /a", Bool.random(using: &random) { function.page = PageSettings() }
                    if !isRead, auth != .none, Int.random(in: 0..<4, using: &random) > 0 {
                        function.idempotency = IdempotencySettings(required: Int.random(in: 0..<4, using: &random) == 0)
                    } else if route.hasPrefix("PUT"), Bool.random(using: &random) {
                        function.stream.request = true
                    }
                    if !isRead, !function.stream.request, Bool.random(using: &random) {
                        function.input.body = ConventionsManifest.schema(#"{"type":"object","required":["a"]}"#)
                    }
                    function.body = ByteCount(bytes: 4000)
                })
        }
        return ConventionsManifest.make(functions) {
            if Bool.random(using: &random) { $0.cors = CORSSettings(origins: ["https://app.example.com"]) }
            if Bool.random(using: &random) { $0.compression = CompressionSettings(minimum: ByteCount(bytes: 100)) }
        }
    }

    /// One event, drawn by lot.
    mutating func step() {
        let flight = flights.randomElement(using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3:
            // Often the same again, so that requests share an answer or a key.
            if Int.random(in: 0..<3, using: &random) > 0 || latest == nil { latest = draw() }
            if let latest { flights.append(begin(latest)) }
            count += 1
        case 3..<7: flight?.giveBody(&random)
        case 7..<12: flight?.answer(&random)
        case 12: if Bool.random(using: &random) { flight?.leave() }
        case 13..<16: fixture.loops.run()
        case 16, 17: store.complete(at: Int.random(in: 0...max(0, store.held - 1), using: &random))
        case 18: fixture.time.advance(milliseconds: UInt64.random(in: 0..<2000, using: &random))
        default: store.slow(Int.random(in: 0..<4, using: &random) == 0)
        }
        sweep()
    }

    /// Looks at what each client was sent, and forgets the requests that are over.
    private mutating func sweep() {
        for flight in flights { flight.check(&faults) }
        for flight in flights where flight.isOver { met.formUnion(flight.met) }
        flights.removeAll { $0.isOver }
    }

    /// Lets everything come to its end, and looks at what is left.
    mutating func end() async {
        store.slow(false)
        for _ in 0..<20_000 where store.held > 0 || !flights.isEmpty {
            store.complete()
            fixture.loops.run()
            for flight in flights {
                flight.giveBody(&random)
                flight.answer(&random)
            }
            sweep()
            // Signatures are verified on other threads.
            await Task.yield()
        }
        fixture.loops.run()
        if !flights.isEmpty { faults.append("\(flights.count) requests have no answer") }
        if fixture.cache.flights != 0 { faults.append("\(fixture.cache.flights) flights are left") }
        if store.running != 0 { faults.append("\(store.running) claims are left") }
        faults += store.faults
        let ids = fixture.observer.records.map(\.requestID.description)
        if Set(ids).count != ids.count { faults.append("a request is logged twice") }
        if ids.count != count + 3 { faults.append("\(count + 3) requests, \(ids.count) records") }
    }

    /// A request of any kind.
    private mutating func draw() -> Draft {
        let (method, path): (WireProtocol.Method, String) = one([
            (.get, "/a"), (.get, "/a"), (.head, "/a"), (.get, "/b/1"), (.get, "/b/2"), (.post, "/a"), (.put, "/b/1"),
            (.delete, "/b/2"), (.post, "/c"), (.options, "/a"), (.get, "/nothing"), (.put, "/a"),
        ])
        let key: HeaderList = ["x-api-key": ConventionsManifest.apiKey]
        var headers: HeaderList = one([
            [:], key, key, key, ["x-api-key": ConventionsManifest.otherKey], ["x-api-key": "swl_guess"],
            ["authorization": "Bearer " + tokens[0]], ["authorization": "Bearer " + tokens[1]],
            ["authorization": "Bearer " + tokens[2]], ["authorization": "Bearer " + tokens[2] + "x"],
        ])
        if !method.isSafe, one([true, true, false]) { headers.append("idempotency-key", one(["k1", "k1", "k2", ""])) }
        for (name, values) in Self.fields where one([true, false, false]) { headers.append(name, one(values)) }
        headers.append("content-type", one(["application/json", "application/json", "application/json", "text/plain"]))
        let body = method.isSafe ? "" : one([#"{"a":1}"#, #"{"a":1}"#, #"{"a":2}"#, "[]", "{", ""])
        let target = one(["", "/v1"]) + path + one(["", "", "", "", "?page=2", "?page=0"])
        return Draft(method: method, target: target, headers: headers, body: Array(body.utf8))
    }

    private mutating func begin(_ draft: Draft) -> StormFlight {
        let trip = Trip(
            fixture, draft.method, draft.target, draft.headers, peer: one(["192.0.2.7", "192.0.2.8"]),
            loop: one([0, 1]),
            length: one([draft.body.count, draft.body.count, nil]))
        return StormFlight(trip, draft.body)
    }

    private mutating func one<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private static let fields: [(String, [String])] = [
        ("if-none-match", ["*", "\"x\""]), ("if-match", ["*", "\"x\""]), ("accept-encoding", ["gzip", "br"]),
        ("origin", ["https://app.example.com"]),
        ("accept", ["application/problem+json"]), ("accept-language", ["de", "fr"]),
        ("content-encoding", ["identity", "gzip"]),
        ("access-control-request-method", ["GET"]), ("x-forwarded-for", ["203.0.113.5"]),
    ]
}
