import Testing
import WorkerLoop

@testable import Postgres

@Suite struct ReplicaRotationTests {
    private let start = LoopInstant(nanoseconds: 1_000_000_000_000)

    @Test("each has its turn")
    func turns() {
        var rotation = ReplicaRotation(count: 3)
        var order: [Int?] = []
        for _ in 0..<6 { order.append(rotation.take(at: start)) }
        #expect(order == [0, 1, 2, 0, 1, 2])
    }

    @Test("without replicas there is none")
    func none() {
        var rotation = ReplicaRotation(count: 0)
        #expect(rotation.take(at: start) == nil)
    }

    @Test("one that is away is passed over, and tried by one read when its time has come")
    func away() {
        var rotation = ReplicaRotation(count: 2)
        var now = start
        let first = rotation.take(at: now)
        #expect(first == 0)
        rotation.missed(0, at: now)
        let second = rotation.take(except: [0], at: now)
        let third = rotation.take(at: now)
        #expect(second == 1 && third == 1)
        now = now.advanced(by: .seconds(1))
        let trial = rotation.take(at: now)
        let meanwhile = [rotation.take(at: now), rotation.take(at: now)]
        #expect(trial == 0)
        #expect(meanwhile == [1, 1])
        rotation.reached(0)
        let afterwards = [rotation.take(at: now), rotation.take(at: now)]
        #expect(afterwards == [0, 1])
    }

    @Test("when all are away there is none, and pauses double up to 30 s")
    func pauses() {
        var rotation = ReplicaRotation(count: 1)
        var now = start
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            let taken = rotation.take(at: now)
            #expect(taken == 0)
            rotation.missed(0, at: now)
            let early = rotation.take(at: now.advanced(by: .seconds(seconds) - .milliseconds(1)))
            #expect(early == nil)
            now = now.advanced(by: .seconds(seconds))
        }
    }
}
