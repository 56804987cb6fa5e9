import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Requests that ask for the same at once")
struct SharedFlightTests {
    let fixture = GatewayFixture(CachedAnswerTests.manifest)
    let flow = FakeFlow()

    /// So many requests, on both loops in turn; the first one leads.
    private func trips(_ count: Int = 3) -> [Trip] {
        (0..<count).map { fixture.start($0 == 1 ? .head : .get, "/items", ["x-request-id": "r\($0)"], loop: $0 % 2) }
    }

    /// Which of them the function was asked for.
    private var asked: [String] { fixture.invoker.calls.map { $0.invocation.requestID.description } }

    @Test("the function is asked once, and all get the answer on their own loop")
    func answered() throws {
        let trips = trips()
        #expect(asked == ["r0"] && trips.allSatisfy { $0.response == nil })
        trips[0].call?.sink.reply(.json("[1]"), from: FakeInvoker.worker)
        #expect(trips[1].response == nil)
        fixture.loops.run()
        for (number, trip) in trips.enumerated() {
            let response = try #require(trip.response)
            #expect(response.text == "[1]" && response.headers.values("x-request-id") == ["r\(number)"])
            #expect(
                response.headers["cache-status"]
                    == (number == 0 ? "swiftlet; fwd=miss; stored" : "swiftlet; fwd=miss; collapsed"))
        }
        #expect(fixture.cache.flights == 0 && fixture.observer.records.count == 3)
    }

    @Test(
        "when the leader fails the next one asks",
        arguments: [
            { $0.reply(Reply(kind: .error(APIError(.internalError)))) }, { $0.reply(.json("{}", status: Status(502))) },
            { $0.reply(Reply(status: Status(42))) }, { $0.fail(.functionCrashed) }, { $0.fail(.functionTimeout) },
            { $0.leave() },
        ] as [@Sendable (Trip) -> Void])
    func fails(end: @Sendable (Trip) -> Void) {
        let trips = trips()
        end(trips[0])
        #expect(asked == ["r0", "r1"])
        #expect(trips[1].response == nil && trips[2].response == nil)
        trips[1].reply(.json("[2]"))
        #expect(trips[1].response?.text == "[2]" && trips[2].response?.text == "[2]")
        #expect(asked.count == 2 && fixture.cache.flights == 0)
    }

    @Test("who has waited as long as for a worker when the leader fails is told of that; who came later asks")
    func failsLate() {
        let trips = trips()
        fixture.time.advance(milliseconds: 5_000)
        let late = fixture.start(.get, "/items", ["x-request-id": "late"])
        trips[0].fail(.functionTimeout)
        #expect(trips.map(\.status) == [504, 504, 504] && asked == ["r0", "late"])
        #expect(late.reply(.json("[2]")).response?.text == "[2]" && fixture.cache.flights == 0)
    }

    @Test("an answer that may not be kept is the leader's alone: each asks for itself, and for a while nobody waits")
    func refused() {
        let trips = trips()
        trips[0].reply(.json("[0]", ["set-cookie": "a=0"]))
        #expect(asked == ["r0", "r1", "r2"])
        for (number, trip) in trips.enumerated().dropFirst() {
            trip.reply(.json("[\(number)]", ["set-cookie": "a=\(number)"]))
            #expect(trip.response?.headers["set-cookie"] == "a=\(number)")
        }
        #expect(self.trips(2).allSatisfy { $0.call != nil } && fixture.cache.flights == 0)
    }

    @Test("an answer that is streamed is the leader's alone, too")
    func streamed() {
        let trips = trips()
        trips[0].call?.sink.began(.json(""), length: nil, flow, from: FakeInvoker.worker)
        fixture.loops.run()
        #expect(trips[0].responder.events == [.began(.ok, contentLength: nil)])
        #expect(trips[0].responder.headers["cache-status"] == "swiftlet; fwd=miss")
        #expect(asked == ["r0", "r1", "r2"] && fixture.cache.flights == 0)
        trips[0].call?.sink.ended()
        #expect(self.trips(2).allSatisfy { $0.call != nil })
    }

    @Test("one who waits may go away")
    func waiterLeaves() {
        let trips = trips()
        trips[1].leave()
        trips[0].reply(.json("[1]"))
        #expect(trips[1].responder.responses.isEmpty && trips[2].status == 200)
        #expect(fixture.cache.flights == 0 && asked == ["r0"])
        #expect(fixture.observer.records.map(\.status.code).sorted() == [200, 200, 499])
    }

    @Test("also when it has been told already: the answer is dropped, or the next one leads", arguments: [true, false])
    func leavesLate(isAnswered: Bool) {
        let trips = trips()
        if isAnswered {
            trips[0].call?.sink.reply(.json("[1]"), from: FakeInvoker.worker)
        } else {
            trips[0].call?.sink.failed(APIError(.functionCrashed), from: nil)
        }
        trips[1].receiver?.clientGone()
        fixture.loops.run()
        #expect(trips[1].responder.responses.isEmpty && trips[1].call == nil)
        #expect(asked == (isAnswered ? ["r0"] : ["r0", "r2"]))
        trips[2].reply(.json("[1]"))
        #expect(trips[2].status == 200 && fixture.cache.flights == 0)
    }

    @Test("all go away: nothing is left behind")
    func allLeave() {
        let trips = trips(5)
        for number in [3, 0, 1, 4, 2] { trips[number].leave() }
        #expect(fixture.cache.flights == 0)
        #expect(fixture.invoker.cancelled.count == asked.count)
        #expect(trips.allSatisfy { $0.responder.responses.isEmpty })
        #expect(fixture.start(.get, "/items").reply().status == 200)
    }

    @Test("a leader whose function asks for a conditional answer shares the whole one")
    func conditional() throws {
        let leader = fixture.start(.get, "/items", ["if-none-match": "*"])
        let waiter = fixture.start(.get, "/items", ["accept-encoding": "gzip"])
        #expect(leader.call?.invocation.headers.fields.isEmpty == true)
        leader.reply(.json("\"" + String(repeating: "a", count: 3000) + "\""))
        #expect(leader.status == 304 && waiter.status == 200)
        #expect(waiter.response?.headers["content-encoding"] == "gzip")
    }

    @Test("callers do not wait for one another")
    func callers() {
        let first = fixture.start(.get, "/mine", ["x-api-key": ConventionsManifest.apiKey])
        let other = fixture.start(.get, "/mine", ["x-api-key": ConventionsManifest.otherKey])
        let same = fixture.start(.get, "/mine", ["x-api-key": ConventionsManifest.apiKey], loop: 1)
        #expect(
            first.call?.invocation.caller.id == "reports" && other.call?.invocation.caller.id == "billing"
                && same.call == nil)
        first.reply(.json("[r]"))
        #expect(same.response?.text == "[r]" && other.response == nil)
    }
}
