import Testing
import WireProtocol

@testable import Workers

@Suite("Handing out requests")
struct PoolRequestTests {
    let first = PoolTimeline.worker(0)
    let second = PoolTimeline.worker(1)
    let third = PoolTimeline.worker(2)

    @Test("the fullest worker below its share is filled first, then the next, then all up to their limit")
    func fullestFirst() {
        var pool = PoolTimeline.serving(2) {
            $0.concurrency = 4
            $0.target = 0.5
            $0.max = 2
        }
        let targets = (0..<8).flatMap { _ in pool.invoke().actions.dispatched }
        #expect(targets[0] == targets[1])
        #expect(targets[2] == targets[3])
        #expect(targets[0] != targets[2])
        #expect(targets.filter { $0 == first }.count == 4)
        #expect(pool.invoke().actions.dispatched == [], "the ninth waits")
    }

    @Test("a worker of the caller's loop is preferred")
    func ownLoop() {
        var pool = PoolTimeline.serving(2, loops: 2)
        #expect(pool.invoke(loop: 1).actions.dispatched == [second])
        #expect(pool.invoke(loop: 0).actions.dispatched == [first])
        #expect(pool.invoke(loop: 0).actions.dispatched == [first])
        #expect(pool.invoke(loop: 0).actions.dispatched == [second])
    }

    @Test("what finds no room waits in order, and is handed out as replies come")
    func queue() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = (0..<5).map { _ in pool.accepted() }
        #expect(pool.machine.queued == 3)
        let reply = pool.replied(keys[0], first)
        #expect(reply.wanted)
        #expect(reply.actions == [.dispatch(keys[2], to: first, milliseconds: 10_000, cold: false)])
        #expect(!pool.replied(keys[0], first).wanted, "an invocation is answered once")
    }

    @Test("past the queue's length requests are refused, and after the waiting time too")
    func overload() {
        var pool = PoolTimeline.serving(1) {
            $0.max = 1
            $0.queue = 2
        }
        for _ in 0..<4 { _ = pool.accepted() }
        #expect(pool.invoke().failure == .queueFull)
        #expect(pool.wait(.milliseconds(4_999)).failures == [])
        #expect(pool.wait(.milliseconds(1)).failures == [.waitedTooLong, .waitedTooLong])
        #expect(PoolFailure.waitedTooLong.error().headers["Retry-After"] == "1")
        #expect(PoolFailure.queueFull.error().code == "OVERLOADED")
    }

    @Test("a request that a dead worker has not seen goes elsewhere, whatever its method and however often")
    func unwritten() {
        var pool = PoolTimeline.serving(2) { $0.max = 2 }
        let key = pool.accepted(safe: false)
        #expect(pool.closed(first, written: []).dispatched == [second])
        #expect(pool.closed(second, written: []).dispatched == [])
        #expect(pool.exited(second).failures == [])
        #expect(pool.machine.isKnown(key))
    }

    @Test("a GET whose worker dies is tried once more, with what is left of its time")
    func retry() {
        var pool = PoolTimeline.serving(2)
        let key = pool.accepted()
        pool.pass(.seconds(4))
        let death = pool.closed(first, written: [key])
        #expect(
            death == [
                .retried(key, from: first), .dispatch(key, to: second, milliseconds: 6_000, cold: false),
            ])
        #expect(pool.exited(first) == [.crashed(first, holding: 1), .gone(first)])
        let again = pool.closed(second, written: [key])
        #expect(again.contains(.fail(key, .crashed, worker: second)))
        #expect(pool.exited(second).contains(.crashed(second, holding: 1)))
    }

    @Test("other methods, and functions that say so, get no second try", arguments: [true, false])
    func noRetry(safe: Bool) {
        var pool = PoolTimeline.serving(2) { $0.retry = !safe }
        let key = pool.accepted(safe: safe)
        #expect(pool.closed(first, written: [key]) == [.fail(key, .crashed, worker: first)])
        #expect(PoolFailure.crashed.error().status == Status(502))
    }

    @Test("a retried request goes before those that wait")
    func retriedFirst() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = (0..<3).map { _ in pool.accepted() }
        let death = pool.closed(first, written: [keys[0], keys[1]])
        #expect(death.spawned == [second])
        #expect(pool.ready(second).dispatched == [second, second])
        #expect(pool.machine.requests[keys[2].index].phase == .waiting)
    }

    @Test("replies that were read before the end of the link count, although the process was already reaped")
    func exitBeforeLink() {
        var pool = PoolTimeline.serving(1)
        let key = pool.accepted(safe: false)
        #expect(pool.exited(first) == [.crashed(first, holding: 1)])
        #expect(pool.invoke().actions.spawned == [second], "nothing new goes to it")
        #expect(pool.replied(key, first).wanted)
        #expect(pool.closed(first) == [.gone(first)])
    }

    @Test("an answer too many, an unknown stream or garbage ends the worker: 502, or the one retry")
    func violation() {
        var pool = PoolTimeline.serving(2) { $0.max = 2 }
        let safe = pool.accepted()
        let unsafe = pool.accepted(safe: false)
        let actions = pool.violates(first, written: [safe, unsafe])
        #expect(actions.contains(.retried(safe, from: first)))
        #expect(actions.contains(.fail(unsafe, .crashed, worker: first)))
        #expect(actions.contains(.kill(first)))
        #expect(pool.exited(first) == [.gone(first)], "its end was asked for: no crash")
    }

    @Test("a cancelled request that waits is dropped; one that runs is cancelled and keeps its place")
    func cancel() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = (0..<3).map { _ in pool.accepted() }
        #expect(pool.cancel(keys[2]) == (true, []))
        let running = pool.cancel(keys[0])
        #expect(running == (true, [.cancel(keys[0], on: first, .clientGone)]))
        #expect(pool.cancel(keys[0]) == (false, []))
        let next = pool.accepted()
        #expect(pool.machine.queued == 1)
        let end = pool.replied(keys[0], first)
        #expect(!end.wanted)
        #expect(end.actions == [.dispatch(next, to: first, milliseconds: 10_000, cold: false)])
    }

    @Test("tickets of invocations that have ended find nothing, also when their slot is used again")
    func oldTickets() {
        var pool = PoolTimeline.serving(1)
        let old = pool.accepted()
        _ = pool.replied(old, first)
        let new = pool.accepted()
        #expect(new.index == old.index)
        #expect(!pool.cancel(old).wanted)
        #expect(InvocationKey(serial: new.serial) == new)
    }
}
