import Testing
import WireProtocol

@testable import Workers

@Suite("Starting and stopping workers")
struct PoolStartTests {
    let first = PoolTimeline.worker(0)
    let second = PoolTimeline.worker(1)

    @Test("the first request starts a worker and is handed over when that is ready, as a cold start")
    func coldStart() throws {
        var pool = PoolTimeline()
        let (accepted, _, actions) = pool.invoke()
        let key = try #require(accepted)
        #expect(actions == [.spawn(first, loop: 0)])
        pool.pass(.milliseconds(3))
        let ready = pool.ready(first)
        #expect(
            ready == [
                .started(first, after: .milliseconds(3)),
                .dispatch(key, to: first, milliseconds: 10_000, cold: true),
            ])
        let warm = pool.invoke()
        let next = try #require(warm.key)
        #expect(warm.actions == [.dispatch(next, to: first, milliseconds: 10_000, cold: false)])
    }

    @Test("the least number of workers starts at once and is kept")
    func minimum() {
        var pool = PoolTimeline { $0.min = 2 }
        #expect(pool.start().spawned == [first, second])
        _ = pool.ready(first)
        _ = pool.ready(second)
        #expect(pool.wait(.seconds(120)) == [])
        #expect(pool.machine.count(.serving) == 2)
        let death = pool.dies(second)
        #expect(death.contains(.crashed(second, holding: 0)))
        #expect(death.spawned == [], "a worker that dies before it did anything is replaced after a pause")
        #expect(pool.wait(.milliseconds(100)).spawned.count == 1)
    }

    @Test("as many workers start as the load needs, and no more than the limits")
    func burst() {
        var pool = PoolTimeline { $0.max = 3 }
        var actions: [PoolAction] = []
        for _ in 0..<20 { actions += pool.invoke().actions }
        #expect(actions.spawned.count == 3)
        var slow = PoolTimeline { $0.startsAtOnce = 2 }
        actions = []
        for _ in 0..<20 { actions += slow.invoke().actions }
        #expect(actions.spawned.count == 2, "only so many start at once")
        #expect(slow.ready(first).spawned.count == 1, "the next one starts when one of them is ready")
    }

    @Test("workers spread over the event loops, the first one at the caller's")
    func loops() {
        var pool = PoolTimeline(loops: 3)
        var actions: [PoolAction] = []
        for _ in 0..<6 { actions += pool.invoke(loop: 1).actions }
        let loops = actions.compactMap { if case .spawn(_, let loop) = $0 { loop } else { nil } }
        #expect(loops == [1, 2, 0])
    }

    @Test("a worker without requests is asked to end after the idle time, and its exit is no crash")
    func idle() {
        var pool = PoolTimeline.serving(1)
        #expect(pool.wait(.seconds(59)) == [])
        #expect(pool.wait(.seconds(1)) == [.drain(first)])
        #expect(pool.closed(first, orderly: true) == [])
        #expect(pool.exited(first) == [.gone(first)])
        #expect(pool.machine.count(.free) == 16)
    }

    @Test("a worker that is asked to end and does not is ended by signals")
    func deafToDrain() {
        var pool = PoolTimeline.serving(1)
        #expect(pool.wait(.seconds(60)) == [.drain(first)])
        #expect(pool.wait(.seconds(2)) == [.terminate(first)])
        #expect(pool.dies(first) == [.gone(first)])
    }

    @Test("a request while a worker drains starts another one")
    func requestWhileDraining() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        #expect(pool.wait(.seconds(60)) == [.drain(first)])
        #expect(pool.invoke().actions.spawned == [second])
    }

    @Test(
        "a failed start refuses the requests that waited for it, and the next one comes after a pause",
        arguments: [StartFailure.spawn, .refused, .protocolViolation])
    func startFails(_ reason: StartFailure) {
        var pool = PoolTimeline()
        let key = pool.accepted()
        let actions = pool.startFailed(first, reason, hasProcess: reason != .spawn)
        #expect(actions.contains(.startFailed(first, reason)))
        #expect(actions.contains(.fail(key, .unavailable(retryAfter: .milliseconds(100)), worker: nil)))
        #expect(actions.contains(.kill(first)) == (reason != .spawn))
        let next = pool.invoke()
        #expect(next.failure == nil)
        #expect(next.actions == [], "it waits until the pause is over")
        #expect(pool.wait(.milliseconds(100)).spawned.count == 1)
    }

    @Test("a worker that ends before it is ready is a failed start, whichever is seen first")
    func endsAtStart() {
        for linkFirst in [true, false] {
            var pool = PoolTimeline()
            _ = pool.accepted()
            let actions = linkFirst ? pool.closed(first) + pool.exited(first) : pool.exited(first) + pool.closed(first)
            #expect(actions.contains(.startFailed(first, .ended)))
            #expect(actions.failures == [.unavailable(retryAfter: .milliseconds(100))])
            #expect(actions.last == .gone(first))
        }
    }

    @Test("a worker that is never ready is killed after the start time")
    func neverReady() {
        var pool = PoolTimeline { $0.wait = .seconds(30) }
        _ = pool.accepted()
        #expect(pool.wait(.seconds(9)) == [])
        let actions = pool.wait(.seconds(1))
        #expect(actions.contains(.startFailed(first, .tooSlow)))
        #expect(actions.contains(.kill(first)))
        #expect(actions.failures.count == 1)
    }

    @Test("pauses double up to five seconds, and after three failures requests are refused at once")
    func backoff() {
        var pool = PoolTimeline()
        var pauses: [Duration] = []
        for round in 0..<8 {
            if round >= 3 {
                #expect(pool.invoke().failure == .unavailable(retryAfter: pauses[round - 1]))
                pool.pass(pauses[round - 1])
            }
            let request = pool.invoke()
            let spawned =
                request.actions.spawned + (round == 0 || round >= 3 ? [] : pool.wait(pauses[round - 1]).spawned)
            #expect(spawned.count == 1)
            pauses += pool.startFailed(spawned[0], .spawn, hasProcess: false).failures.compactMap {
                if case .unavailable(let time) = $0 { time } else { nil }
            }
        }
        #expect(pauses.map(\.retryAfterSeconds) == [1, 1, 1, 1, 2, 4, 5, 5])
        #expect(pauses[0] == .milliseconds(100))
        #expect(pauses[7] == .seconds(5))
    }

    @Test("other workers keep serving when a start fails")
    func startFailsBeside() {
        var pool = PoolTimeline.serving(1)
        let keys = (0..<3).map { _ in pool.accepted() }
        #expect(pool.startFailed(second).failures == [])
        #expect(pool.replied(keys[0], first).actions.dispatched == [first])
    }
}
