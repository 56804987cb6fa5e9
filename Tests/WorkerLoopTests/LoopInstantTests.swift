import Testing

@testable import WorkerLoop

@Suite("Points in time")
struct LoopInstantTests {
    @Test(
        "a point moves by a duration and stays within the clock",
        arguments: [
            (100, Duration.nanoseconds(5), 105),
            (100, .nanoseconds(-5), 95),
            (100, .seconds(-1), 0),
            (0, .seconds(2), 2_000_000_000),
            (100, .seconds(Int64.max), .max),
            (100, .seconds(Int64.min), 0),
            (.max, .nanoseconds(1), .max),
        ] as [(UInt64, Duration, UInt64)])
    func advanced(start: UInt64, by: Duration, expected: UInt64) {
        #expect(LoopInstant(nanoseconds: start).advanced(by: by) == LoopInstant(nanoseconds: expected))
    }

    @Test("the way between two points is negative backwards")
    func duration() {
        let early = LoopInstant(nanoseconds: 10)
        let late = LoopInstant(nanoseconds: 2_000_000_010)
        #expect(early.duration(to: late) == .seconds(2))
        #expect(late.duration(to: early) == .seconds(-2))
        #expect(early < late)
    }
}

@Suite("The queue of ready jobs")
struct ReadyQueueTests {
    @Test("jobs leave in the order in which they came, also across growth and the ring's seam")
    func order() async throws {
        let log = EventLog()
        let total = 1500
        try await withLoop { loop in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<total { group.addTask { log.add("\(number)") } }
            }
        }
        #expect(log.all == (0..<total).map { "\($0)" })
    }
}
