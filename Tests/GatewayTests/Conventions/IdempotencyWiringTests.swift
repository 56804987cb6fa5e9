import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Requests with an idempotency key")
struct IdempotencyWiringTests {
    let store = FakeIdempotencyStore()
    let fixture: GatewayFixture
    static let key: HeaderList = ["x-api-key": ConventionsManifest.apiKey, "idempotency-key": "k1"]
    static let created = Reply.json(#"{"id":1}"#, status: .created, ["location": "/orders/1", "set-cookie": "a=1"])

    init() { fixture = GatewayFixture(Self.manifest, idempotency: store) }

    static var manifest: Manifest {
        ConventionsManifest.make([
            ConventionsManifest.function("Order", "POST /orders", auth: .optional) {
                $0.idempotency = IdempotencySettings()
                $0.input.body = ConventionsManifest.schema(#"{"type":"object"}"#)
            },
            ConventionsManifest.function("Pay", "POST /payments", auth: .required()) {
                $0.idempotency = IdempotencySettings(header: "Payment-Key", required: true)
            },
        ])
    }

    private func order(_ headers: HeaderList = key, body: String = "{}") -> Trip {
        var headers = headers
        headers.append("content-type", "application/json")
        return fixture.start(.post, "/orders", headers, body: Array(body.utf8))
    }

    @Test("runs once, and is replayed to the same caller in either form of the key")
    func replay() throws {
        let first = try #require(order().reply(Self.created).response)
        #expect(first.status == .created && first.headers["idempotent-replayed"] == nil)
        for key in ["k1", "\"k1\""] {
            let trip = order(["x-api-key": ConventionsManifest.apiKey, "idempotency-key": key, "x-request-id": "r2"])
            let replay = try #require(trip.response)
            #expect(trip.call == nil && replay.status == .created && replay.body == first.body)
            #expect(replay.headers.values("idempotent-replayed") == ["true"])
            #expect(replay.headers.values("x-request-id") == ["r2"])
            #expect(replay.headers["location"] == "/orders/1" && replay.headers["set-cookie"] == "a=1")
            #expect(replay.headers.values("vary") == first.headers.values("vary"))
            #expect(replay.headers.values("x-content-type-options") == ["nosniff"])
        }
        #expect(order(["x-api-key": ConventionsManifest.otherKey, "idempotency-key": "k1"]).reply().status == 200)
        #expect(order(["x-api-key": ConventionsManifest.apiKey]).reply().status == 200)
        #expect(store.endings == [.finished(201), .finished(200)] && store.faults.isEmpty && store.running == 0)
        #expect(fixture.observer.records.map(\.status.code) == [201, 201, 201, 200, 200])
    }

    @Test(
        "what becomes of the key by the answer",
        arguments: [
            (.json("{}", status: .created), 201, .finished(201)), (Reply(status: .noContent), 204, .finished(204)),
            (Reply(kind: .error(.notFound("cart"))), 404, .finished(404)),
            (.json("{}", status: Status(409)), 409, .finished(409)),
            (Reply(kind: .error(APIError(.internalError))), 500, .released(after: 0)),
            (.json("{}", status: Status(503)), 503, .released(after: 0)),
            (Reply(status: Status(42)), 502, .released(after: 0)),
            (Reply(headers: ["connection": "close"]), 502, .released(after: 0)),
            (Reply(kind: .page(total: 1)), 500, .released(after: 0)),
            (
                Reply(kind: .error(APIError(code: "X", status: Status(404), message: "", headers: ["te": "x"]))), 502,
                .released(after: 0)
            ),
            (Reply(body: [UInt8](repeating: 65, count: 1 << 20)), 200, .finished(200)),
            (Reply(body: [UInt8](repeating: 65, count: 1 << 20 + 1)), 200, .released(after: 0)),
        ] as [(Reply, UInt16, FakeIdempotencyStore.Ending)])
    func outcomes(reply: Reply, status: UInt16, ending: FakeIdempotencyStore.Ending) throws {
        let first = try #require(order().reply(reply).response)
        #expect(first.status.code == status)
        #expect(store.endings == [ending] && store.faults.isEmpty && store.running == 0)
        let again = order()
        #expect((again.call == nil) == (ending != .released(after: 0)))
        guard ending != .released(after: 0) else { return }
        #expect(again.response?.body == first.body && again.status == status)
        #expect(again.response?.headers["cache-control"] == first.headers["cache-control"])
    }

    @Test(
        "what the pools answer is not kept",
        arguments: [(.functionCrashed, 0), (.overloaded, 0), (.functionUnavailable, 0), (.functionTimeout, 5000)]
            as [(ErrorCode, UInt64)])
    func poolFailures(code: ErrorCode, after: UInt64) throws {
        #expect(order().fail(code).status == code.status.code)
        #expect(store.endings == [.released(after: after)])
        let again = order()
        #expect(again.response?.code == (after > 0 ? "IDEMPOTENCY_CONFLICT" : nil))
        fixture.time.advance(milliseconds: 5000)
        #expect(after == 0 || order().call != nil)
    }

    @Test("a repeated request is a conflict while the first one runs, and another one a mismatch")
    func running() throws {
        let first = order()
        let second = try #require(order().response)
        #expect(
            second.status.code == 409 && second.code == "IDEMPOTENCY_CONFLICT" && second.headers["retry-after"] == "1")
        #expect(order(body: #"{"a":1}"#).status == 422)
        #expect(first.reply(Self.created).status == 201)
        #expect(order(body: #"{"a":1}"#).response?.code == "IDEMPOTENCY_MISMATCH")
        #expect(fixture.invoker.calls.count == 1 && store.endings == [.finished(201)])
    }

    @Test(
        "what the store refuses",
        arguments: [
            (.unavailable(cause: "disk full"), 503, "FUNCTION_UNAVAILABLE"), (.overloaded, 503, "OVERLOADED"),
            (.unknownOutcome, 409, "IDEMPOTENCY_CONFLICT"),
        ] as [(IdempotencyDecision, UInt16, String)])
    func refused(decision: IdempotencyDecision, status: UInt16, code: String) throws {
        store.refuse(decision)
        let response = try #require(order().response)
        #expect(response.status.code == status && response.code == code)
        #expect((response.headers["retry-after"] != nil) == (status == 503))
        #expect(!response.text.contains("disk") && fixture.invoker.calls.isEmpty && store.endings.isEmpty)
        #expect(
            fixture.observer.failures.compactMap(\.error.cause) == (code == "FUNCTION_UNAVAILABLE" ? ["disk full"] : [])
        )
    }

    @Test(
        "keys that are none, or that nobody stands behind",
        arguments: [
            ("/payments", ["x-api-key": ConventionsManifest.apiKey], "IDEMPOTENCY_KEY_REQUIRED"),
            ("/payments", ["x-api-key": ConventionsManifest.apiKey, "payment-key": ""], "BAD_REQUEST"),
            (
                "/payments", ["x-api-key": ConventionsManifest.apiKey, "payment-key": "a", "Payment-Key": "b"],
                "BAD_REQUEST"
            ),
            ("/orders", ["idempotency-key": "k1", "content-type": "application/json"], "BAD_REQUEST"),
            ("/payments", ["payment-key": "a"], "NO_TOKEN"),
        ] as [(String, HeaderList, String)])
    func invalid(path: String, headers: HeaderList, code: String) throws {
        #expect(try fixture.ask(.post, path, headers, body: Array("{}".utf8)).code == code)
        #expect(fixture.invoker.calls.isEmpty && store.endings.isEmpty && store.running == 0)
    }

    @Test("input that is not valid takes no key")
    func invalidInput() throws {
        #expect(order(body: "[]").status == 400)
        #expect(store.running == 0 && store.endings.isEmpty)
        #expect(order().reply().status == 200)
    }

    @Test("a response that cannot be kept is sent all the same, and the log says so")
    func notKept() throws {
        store.keep(false)
        #expect(order().reply(Self.created).status == 201)
        #expect(fixture.observer.failures.count == 1 && store.endings == [.finished(201)])
        #expect(order().response?.code == "IDEMPOTENCY_CONFLICT")
    }

    @Test("two keys in one file: run, replay after a restart, mismatch")
    func onDisk() async throws {
        let folder = try IdempotencyFixture()
        for isRestarted in [false, true] {
            let store = folder.store(owner: isRestarted ? 2 : 1)
            let fixture = GatewayFixture(Self.manifest, idempotency: store)
            var headers = Self.key
            headers.append("content-type", "application/json")
            let trip = Trip(fixture, .post, "/orders", headers, length: 2)
            trip.receiver?.gathered(Array("{}".utf8))
            await fixture.loops.runNext()
            if !isRestarted {
                trip.reply(Self.created)
                #expect(trip.responder.responses.isEmpty || trip.status == 201)
                if trip.response == nil { await fixture.loops.runNext() }
            }
            #expect(trip.status == 201 && (trip.call == nil) == isRestarted)
            #expect(trip.response?.headers["idempotent-replayed"] == (isRestarted ? "true" : nil))
            let other = Trip(fixture, .post, "/orders", headers, length: 9)
            other.receiver?.gathered(Array(#"{"a":"b"}"#.utf8))
            await fixture.loops.runNext()
            #expect(other.status == 422)
            store.close()
        }
    }
}
