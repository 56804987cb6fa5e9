import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Clients that go away from a request with an idempotency key")
struct IdempotencyLeavingTests {
    let store = FakeIdempotencyStore()
    let fixture: GatewayFixture
    let flow = FakeFlow()

    init() { fixture = GatewayFixture(IdempotencyWiringTests.manifest, idempotency: store) }

    private func order() -> Trip {
        var headers = IdempotencyWiringTests.key
        headers.append("content-type", "application/json")
        return fixture.start(.post, "/orders", headers, body: Array("{}".utf8))
    }

    private func stream(_ trip: Trip, status: Status = .ok) {
        trip.call?.sink.began(Reply(status: status), length: nil, flow, from: FakeInvoker.worker)
        fixture.loops.run()
    }

    @Test(
        "while the function runs: it goes on, and the next request gets what came of it",
        arguments: [200, 404] as [UInt16])
    func whileRunning(status: UInt16) throws {
        let trip = order().leave().leave()
        #expect(fixture.invoker.cancelled.isEmpty && store.endings.isEmpty)
        #expect(order().response?.code == "IDEMPOTENCY_CONFLICT")
        trip.reply(.json("{}", status: Status(status)))
        #expect(trip.responder.responses.isEmpty && store.endings == [.finished(status)])
        let again = order()
        #expect(again.status == status && again.response?.headers["idempotent-replayed"] == "true")
        #expect(fixture.invoker.calls.count == 1)
        #expect(fixture.observer.records.map(\.status.code) == [499, 409, status])
    }

    @Test(
        "while it runs, and it then fails",
        arguments: [(.functionCrashed, 0), (.functionTimeout, 5000)] as [(ErrorCode, UInt64)])
    func thenFails(code: ErrorCode, after: UInt64) {
        let trip = order().leave().fail(code)
        #expect(trip.responder.responses.isEmpty && store.endings == [.released(after: after)] && store.faults.isEmpty)
        #expect(fixture.observer.records.map(\.status.code) == [499])
    }

    @Test(
        "while it runs, and it then streams: nobody reads that, so it is cancelled, and the key is free when it has ended"
    )
    func thenStreams() {
        let trip = order().leave()
        stream(trip)
        #expect(fixture.invoker.cancelled.count == 1)
        #expect(trip.responder.events.isEmpty && trip.responder.responses.isEmpty)
        #expect(store.endings == [.released(after: 5000)] && store.faults.isEmpty)
        trip.call?.sink.ended()
        #expect(store.endings.count == 1 && fixture.observer.records.map(\.status.code) == [499])
    }

    @Test("a stream that ends is kept, one that is broken off frees the key later", arguments: [true, false])
    func streams(leaves: Bool) throws {
        let trip = order()
        stream(trip)
        #expect(trip.responder.events == [.began(.ok, contentLength: nil)] && store.endings.isEmpty)
        for text in ["ab", "", "c"] { Array(text.utf8).withUnsafeBytes { trip.call?.sink.part($0) } }
        if leaves { trip.leave() } else { trip.call?.sink.ended() }
        #expect(store.endings == [leaves ? .released(after: 5000) : .finished(200)] && store.faults.isEmpty)
        #expect(fixture.invoker.cancelled.count == (leaves ? 1 : 0))
        trip.leave()
        trip.call?.sink.failed(APIError(.functionCrashed), from: nil)
        #expect(store.endings.count == 1)
        guard !leaves else { return }
        let replay = try #require(order().response)
        #expect(replay.text == "abc" && replay.headers["idempotent-replayed"] == "true")
    }

    @Test("a stream over 1 MiB is not kept, and frees the key")
    func longStream() {
        let trip = order()
        stream(trip)
        let part = [UInt8](repeating: 120, count: 65_536)
        for _ in 0..<17 { part.withUnsafeBytes { trip.call?.sink.part($0) } }
        trip.call?.sink.ended()
        #expect(store.endings == [.released(after: 0)] && store.faults.isEmpty)
    }

    @Test("a stream that the worker breaks off frees the key")
    func brokenStream() {
        let trip = order()
        stream(trip)
        trip.call?.sink.failed(APIError(.functionCrashed), from: nil)
        #expect(trip.responder.events.last == .aborted)
        #expect(store.endings == [.released(after: 0)] && store.faults.isEmpty)
    }

    @Test("while the key is looked up: nothing has run, and it is free", arguments: [true, false])
    func whileClaiming(isTaken: Bool) {
        if isTaken { order().reply(IdempotencyWiringTests.created) }
        store.slow(true)
        let trip = order().leave()
        store.complete()
        fixture.loops.run()
        #expect(trip.call == nil && trip.responder.responses.isEmpty)
        #expect(store.endings == (isTaken ? [.finished(201)] : [.released(after: 0)]) && store.faults.isEmpty)
        store.slow(false)
        #expect((order().call == nil) == isTaken)
    }

    @Test("while the answer is written down: the next request gets it")
    func whileKeeping() {
        let trip = order()
        store.slow(true)
        trip.reply(IdempotencyWiringTests.created)
        #expect(trip.response == nil && store.held == 1)
        trip.leave().leave()
        store.complete()
        fixture.loops.run()
        #expect(trip.responder.responses.isEmpty && store.endings == [.finished(201)])
        store.slow(false)
        #expect(order().response?.headers["idempotent-replayed"] == "true")
        #expect(fixture.observer.records.map(\.status.code) == [499, 201])
    }

    @Test("before the body is there: no key is taken")
    func whileReading() {
        var headers = IdempotencyWiringTests.key
        headers.append("content-type", "application/json")
        let trip = Trip(fixture, .post, "/orders", headers, length: 2).leave().body(Array("{}".utf8))
        #expect(trip.call == nil && store.running == 0 && store.endings.isEmpty)
    }
}
