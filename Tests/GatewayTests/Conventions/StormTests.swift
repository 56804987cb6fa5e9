import Testing
import WireProtocol

@testable import Gateway

@Suite("Anything in any order")
struct StormTests {
    @Test(
        "every request is answered once or not at all, and nothing is held when all is over",
        arguments: 1...40 as ClosedRange<UInt64>)
    func storm(seed: UInt64) async throws {
        var storm = try await Storm(seed: seed)
        for _ in 0..<800 { storm.step() }
        await storm.end()
        #expect(storm.faults == [])
    }

    @Test("the storms meet every way that a request can end")
    func reach() async throws {
        let ways: Set = [
            "200", "201", "204", "304", "400", "401", "403", "404", "408", "409", "412", "413", "415", "422", "429",
            "500", "502", "503", "504", "hit", "stored", "collapsed", "bypass", "replayed", "gzip", "left", "finished",
            "aborted",
        ]
        let stored: Set = ["finished(201)", "finished(404)", "released(after: 0)", "released(after: 5000)"]
        var met: Set<String> = []
        var endings: Set<String> = []
        // Some ways are rare, and two runs are not the same: tokens are verified on other threads.
        for seed in 100...400 as ClosedRange<UInt64> where !met.isSuperset(of: ways) || !endings.isSuperset(of: stored)
        {
            var storm = try await Storm(seed: seed)
            for _ in 0..<800 { storm.step() }
            await storm.end()
            met.formUnion(storm.met)
            for ending in storm.store.endings { endings.insert("\(ending)") }
        }
        #expect(ways.subtracting(met) == [])
        #expect(stored.subtracting(endings) == [])
    }
}
