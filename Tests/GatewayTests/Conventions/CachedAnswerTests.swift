import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Answers that are kept")
struct CachedAnswerTests {
    static let app = "https://app.example.com"
    let fixture = GatewayFixture(manifest)

    static var manifest: Manifest {
        func kept(_ change: @escaping (inout CacheSettings) -> Void = { _ in }) -> (inout FunctionSettings) -> Void {
            { function in
                var cache = CacheSettings(lifetime: .seconds(30))
                change(&cache)
                function.cache = cache
            }
        }
        return ConventionsManifest.make([
            ConventionsManifest.function("List", "GET /items", kept { $0.clearedBy = ["Make"] }),
            ConventionsManifest.function("Get", "GET /items/{id}", kept()),
            ConventionsManifest.function("Put", "PUT /items/{id}"),
            ConventionsManifest.function("Patch", "PATCH /items/{id}") { $0.stream.request = true },
            ConventionsManifest.function("Make", "POST /items"),
            ConventionsManifest.function("Mine", "GET /mine", auth: .optional, kept { $0.vary = [.caller] }),
            ConventionsManifest.function(
                "Shared", "GET /shared", auth: .required(), kept { $0.clients = .seconds(60) }),
            ConventionsManifest.function("Speak", "GET /speak", kept { $0.vary = [.header("accept-language")] }),
            ConventionsManifest.function("Search", "GET /search", kept { $0.query = ["q"] }),
            ConventionsManifest.function("Checked", "GET /checked") {
                $0.cache = CacheSettings(lifetime: .seconds(30))
                $0.cache?.query = ["q"]
                $0.input.query = ConventionsManifest.schema(
                    #"{"type":"object","properties":{"q":{},"n":{"type":"integer"}},"additionalProperties":false}"#)
            },
        ]) {
            $0.compression = CompressionSettings()
            $0.cors = CORSSettings(origins: [app])
        }
    }

    private func status(_ response: OutgoingResponse) -> String { response.headers["cache-status"] ?? "" }

    @Test("a second request is answered without the function, with its age")
    func hit() throws {
        let first = try fixture.ask(.get, "/items?a=1", ["x-request-id": "r1"], reply: .json("[1]"))
        #expect(status(first) == "swiftlet; fwd=miss; stored" && first.headers["age"] == nil)
        fixture.time.advance(milliseconds: 7_400)
        for loop in 0...1 {
            let hit = try fixture.ask(
                .get, "/items?a=1", ["x-request-id": "r2", "origin": Self.app, "cache-control": "no-cache"], loop: loop)
            #expect(hit.text == "[1]" && status(hit) == "swiftlet; hit; ttl=22")
            #expect(hit.headers.values("age") == ["7"] && hit.headers.values("x-request-id") == ["r2"])
            #expect(hit.headers["etag"] == first.headers["etag"] && hit.headers.values("cache-control") == ["no-cache"])
            #expect(hit.headers["access-control-allow-origin"] == Self.app)
        }
        #expect(fixture.invoker.calls.count == 1)
        let record = try #require(fixture.observer.records.last)
        #expect(record.function == "List" && record.worker == nil && record.bytes == 3)
        #expect(try status(fixture.ask(.get, "/items?a=2")) == "swiftlet; fwd=miss; stored")
        fixture.time.advance(milliseconds: 22_600)
        #expect(try status(fixture.ask(.get, "/items?a=1")) == "swiftlet; fwd=miss; stored")
    }

    @Test("HEAD and GET share an entry, whoever comes first", arguments: [WireProtocol.Method.get, .head])
    func head(first: WireProtocol.Method) throws {
        try fixture.ask(first, "/items", reply: .json("[1]"))
        for method in [WireProtocol.Method.head, .get] {
            let hit = try fixture.ask(method, "/items")
            #expect(hit.text == "[1]" && status(hit) == "swiftlet; hit; ttl=30")
        }
        #expect(fixture.invoker.calls.map(\.invocation.method) == [.get])
        #expect(fixture.observer.records.map(\.bytes).suffix(2) == [0, 3])
    }

    @Test(
        "what may not be kept is not",
        arguments: [
            .json("{}", ["set-cookie": "a=1"]), .json("{}", ["cache-control": "private"]),
            .json("{}", ["cache-control": "no-store"]),
            .json("{}", ["vary": "cookie"]), .json("{}", status: Status(404)), .json("{}", status: Status(500)),
            Reply(kind: .error(.notFound("item"))), Reply(kind: .error(APIError(.internalError))),
            Reply(status: Status(42)),
            .json("{}", ["cache-control": "s-maxage=0"]),
        ] as [Reply])
    func refused(reply: Reply) throws {
        for _ in 0..<2 { #expect(try status(fixture.ask(.get, "/items", reply: reply)) == "swiftlet; fwd=miss") }
        #expect(fixture.invoker.calls.count == 2 && fixture.cache.flights == 0)
    }

    @Test("a request with a body passes by")
    func bypass() throws {
        try fixture.ask(.get, "/items")
        #expect(try status(fixture.ask(.get, "/items", body: [1])) == "swiftlet; fwd=bypass")
        #expect(fixture.invoker.calls.count == 2)
    }

    @Test("a function is shown no more than is in the key; conditions are applied to the whole answer, which is kept")
    func shown() throws {
        let headers: HeaderList = [
            "if-none-match": "*", "if-modified-since": "x", "range": "bytes=0-1", "cookie": "a",
            "accept-language": "de",
            "x-api-key": ConventionsManifest.apiKey,
        ]
        #expect(try fixture.ask(.get, "/speak", headers, reply: .json("[1]")).status == .notModified)
        let invocation = try #require(fixture.invoker.calls.first).invocation
        #expect(invocation.headers == ["accept-language": "de"])
        #expect(try fixture.ask(.get, "/speak", ["accept-language": "de"]).text == "[1]")
        #expect(try fixture.ask(.get, "/speak", ["accept-language": "fr"], reply: .json("[2]")).text == "[2]")
        let search = try fixture.ask(.get, "/search?x=1&q=%61&y=2", reply: .json("[3]"))
        #expect(status(search).hasSuffix("stored"))
        #expect(fixture.invoker.calls.last?.invocation.query == [.init("q", "a")])
        #expect(try fixture.ask(.get, "/search?q=a&z=9").text == "[3]")
        #expect(try fixture.ask(.get, "/search?q=%zz").status.code == 400)
    }

    @Test("answers that do not depend on the caller know of none")
    func shared() throws {
        let first = try fixture.ask(.get, "/shared", ["x-api-key": ConventionsManifest.apiKey], reply: .json("[1]"))
        #expect(fixture.invoker.calls.map(\.invocation.caller) == [.anonymous])
        #expect(first.headers["cache-control"] == "private, max-age=60")
        #expect(try fixture.ask(.get, "/shared", ["x-api-key": ConventionsManifest.otherKey]).text == "[1]")
        // Kept or not, who calls must prove it.
        #expect(try fixture.ask(.get, "/shared").status.code == 401)
        #expect(try fixture.ask(.get, "/shared", ["x-api-key": "swl_guess"]).status.code == 401)
        #expect(fixture.observer.records.map(\.userID) == ["reports", "billing", nil, nil])
    }

    @Test("two callers never share an answer", arguments: 1...8 as ClosedRange<UInt64>)
    func separate(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        var callers: [(headers: HeaderList, name: String)] = [
            ([:], "nobody"), (["x-api-key": ConventionsManifest.apiKey], "reports"),
            (["x-api-key": ConventionsManifest.otherKey], "billing"),
        ]
        // Tokens that differ in one claim are two callers; one has an API key's name.
        for claims in [
            #""sub":"1""#, #""sub":"1","role":"admin""#, #""sub":"1","x":1"#, #""sub":"reports""#, #""x":1"#,
        ] {
            let token = TokenMint.hs256(TokenMint.claims(claims))
            for loop in 0...1 { try await fixture.learn(token, at: "/mine?learn=\(callers.count)\(loop)", loop: loop) }
            callers.append((["authorization": "Bearer " + token], claims))
        }
        for _ in 0..<100 {
            guard let caller = callers.randomElement(using: &random) else { continue }
            if Int.random(in: 0..<10, using: &random) == 0 { fixture.time.advance(milliseconds: 10_000) }
            var headers = caller.headers
            if Bool.random(using: &random) { headers.append("cookie", "a=\(Int.random(in: 0..<9, using: &random))") }
            let target = "/mine?n=\(Int.random(in: 0..<3, using: &random))"
            let method: WireProtocol.Method = Bool.random(using: &random) ? .get : .head
            let own = target + caller.name
            let answer = try fixture.ask(
                method, target, headers, loop: Int.random(in: 0...1, using: &random), reply: .json(own))
            #expect(answer.text == own)
        }
        #expect(fixture.observer.records.contains { $0.worker == nil && $0.status == .ok })
    }

    @Test(
        "writes drop what they make stale",
        arguments: [
            (.put, "/items/7", .json("{}"), ["/items/7"]),
            (.put, "/items/7", .json("{}", status: Status(303)), ["/items/7"]),
            (.put, "/items/7", .json("{}", status: Status(404)), []),
            (.put, "/items/7", Reply(kind: .error(APIError(.conflict))), []),
            (.put, "/items/7", Reply(status: Status(42)), []), (.put, "/items/8", .json("{}"), []),
            (.post, "/items", .json("{}", status: .created), ["/items?a=1", "/items"]),
            (.post, "/items", .json("{}", status: Status(400)), []),
        ] as [(WireProtocol.Method, String, Reply, [String])])
    func writes(method: WireProtocol.Method, target: String, reply: Reply, dropped: [String]) throws {
        let addresses = ["/items?a=1", "/items", "/items/7"]
        for address in addresses { try fixture.ask(.get, address) }
        try fixture.ask(method, target, reply: reply)
        for address in addresses {
            let isHit = try status(fixture.ask(.get, address)).contains("hit")
            #expect(isHit != dropped.contains(address))
        }
    }

    @Test("what does not count for the key is checked all the same, whether the answer is kept or not")
    func checkedWithoutCounting() throws {
        for isKept in [false, true] {
            if isKept { try fixture.ask(.get, "/checked?q=a") }
            #expect(try fixture.ask(.get, "/checked?q=a&n=x").code == "VALIDATION_ERROR")
            #expect(try fixture.ask(.get, "/checked?q=a&other=1").code == "VALIDATION_ERROR")
        }
        let hit = try fixture.ask(.get, "/checked?n=5&q=a")
        #expect(status(hit).contains("hit"))
        fixture.time.advance(milliseconds: 30_000)
        let trip = fixture.start(.get, "/checked?n=5&q=a")
        #expect(trip.call?.invocation.query.map(\.name) == ["q"])
    }

    @Test("a write whose outcome nobody knows drops too, one that was never begun does not")
    func doubtful() throws {
        let isStale: [(Bool, (Trip) -> Void)] = [
            (true, { $0.fail(.functionCrashed) }), (true, { $0.fail(.functionTimeout) }), (true, { $0.leave() }),
            (true, { $0.fail(.functionUnavailable) }), (false, { $0.fail(.overloaded) }),
        ]
        for (drops, end) in isStale {
            try fixture.ask(.get, "/items/7")
            end(fixture.start(.put, "/items/7"))
            #expect(try status(fixture.ask(.get, "/items/7")).contains("hit") != drops)
            // Its handler may be at it for seconds yet.
            #expect(try status(fixture.ask(.get, "/items/7")).contains("hit") != drops)
            // A client that left leaves the handler its whole time.
            fixture.time.advance(milliseconds: 15_000)
        }
    }

    @Test("a write whose body breaks off, and one whose answer is streamed, drop too, to their end")
    func streamedWrites() throws {
        try fixture.ask(.get, "/items/7")
        let broken = Trip(fixture, .patch, "/items/7", length: nil)
        broken.receiver?.failed(.tooSlow)
        #expect(broken.status == 408)
        #expect(try !status(fixture.ask(.get, "/items/7")).contains("hit"))
        fixture.time.advance(milliseconds: 15_000)
        let streamed = fixture.start(.put, "/items/7")
        streamed.call?.sink.began(.json(""), length: nil, FakeFlow(), from: FakeInvoker.worker)
        #expect(try !status(fixture.ask(.get, "/items/7")).contains("hit"))
        streamed.call?.sink.ended()
        #expect(try !status(fixture.ask(.get, "/items/7")).contains("hit"))
        #expect(try status(fixture.ask(.get, "/items/7")).contains("hit"))
    }

    @Test("what a write has overtaken is given to who asked, and not kept")
    func overtaken() throws {
        let slow = fixture.start(.get, "/items/7")
        try fixture.ask(.put, "/items/7")
        let response = try #require(slow.reply(.json("[old]")).response)
        #expect(response.text == "[old]" && status(response) == "swiftlet; fwd=miss")
        #expect(try fixture.ask(.get, "/items/7", reply: .json("[new]")).text == "[new]")
    }

    @Test("a compressed body is made once and kept beside the plain one")
    func compressed() throws {
        let text = "\"" + String(repeating: "a", count: 5000) + "\""
        try fixture.ask(.get, "/items", reply: .json(text))
        let gzip = try fixture.ask(.get, "/items", ["accept-encoding": "gzip"])
        #expect(gzip.headers["content-encoding"] == "gzip" && status(gzip).contains("hit"))
        #expect(try GzipDecoder().decode(gzip.body, limit: 10_000) == Array(text.utf8))
        let settings = try #require(Self.manifest.functions.first)
        let policy = try #require(CachePolicy(settings, in: fixture.cache, revision: "\n"))
        let key = policy.key(path: Array("/items".utf8), from: 1, query: [], caller: .anonymous, headers: [:])
        #expect(fixture.cache.find(key, now: 1_000_000_000)?.compressedBody == gzip.body)
        #expect(try fixture.ask(.get, "/items", ["accept-encoding": "gzip"]).body == gzip.body)
        #expect(try fixture.ask(.get, "/items").text == text)
    }
}
