import Testing
import WireProtocol

@testable import Workers

@Suite("Deadlines, stuck workers and closing")
struct PoolDeadlineTests {
    let first = PoolTimeline.worker(0)
    let second = PoolTimeline.worker(1)

    @Test("at the deadline the client gets 504, the worker CANCEL and a ping, and nothing new until it answers")
    func deadline() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let key = pool.accepted()
        #expect(pool.wait(.milliseconds(9_999)) == [])
        #expect(
            pool.wait(.milliseconds(1)) == [
                .fail(key, .timeout, worker: first), .cancel(key, on: first, .deadline), .ping(first),
            ])
        let next = pool.accepted()
        #expect(pool.machine.queued == 1)
        #expect(pool.pong(first) == [.dispatch(next, to: first, milliseconds: 10_000, cold: false)])
        #expect(!pool.replied(key, first).wanted, "a late answer goes to nobody")
        #expect(pool.replied(next, first).wanted)
    }

    @Test("a cancelled handler that still awaits keeps its place and costs no process")
    func lateHandler() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = [pool.accepted(), pool.accepted()]
        _ = pool.wait(.seconds(10))
        #expect(pool.pong(first) == [])
        _ = pool.accepted()
        #expect(pool.machine.queued == 1, "both places are still taken")
        #expect(pool.wait(.milliseconds(200)).isEmpty)
        #expect(pool.replied(keys[1], first).actions.dispatched == [first])
    }

    @Test("where cancelled ones take half of the places for 2 s beyond their deadlines, another worker takes over")
    func clogged() {
        var pool = PoolTimeline.serving(1) {
            $0.concurrency = 4
            $0.max = 1
        }
        let left = pool.accepted()
        _ = pool.cancel(left)
        pool.pass(.seconds(3))
        let slow = pool.accepted()
        #expect(pool.wait(.seconds(7)) == [.ping(first)])
        #expect(pool.pong(first) == [] && pool.wait(.milliseconds(2_500)) == [], "one place of four is none too many")
        let other = pool.accepted()
        #expect(
            pool.wait(.milliseconds(500)) == [
                .fail(slow, .timeout, worker: first), .cancel(slow, on: first, .deadline), .ping(first),
            ])
        #expect(pool.pong(first) == [] && pool.wait(.milliseconds(1_999)) == [])
        #expect(pool.wait(.milliseconds(1)) == [.clogged(first, by: 2), .drain(first)])
        #expect(pool.invoke().actions.spawned == [second], "it no longer counts for the most workers")
        // The third is waited for: it has its time.
        pool.pass(.seconds(6))
        #expect(pool.replied(other, first).wanted)
        #expect(pool.wait(.milliseconds(1_999)).contains(.terminate(first)) == false)
        #expect(pool.wait(.milliseconds(1)).contains(.terminate(first)))
        #expect(pool.dies(first) == [.gone(first)])
        #expect(pool.machine.impossible == 0)
    }

    @Test("those that end within 2 s of their deadline leave the worker as it is")
    func cloggedBriefly() {
        var pool = PoolTimeline.serving(1)
        for _ in 0..<3 {
            let key = pool.accepted()
            _ = pool.wait(.seconds(10))
            #expect(pool.pong(first) == [] && pool.wait(.milliseconds(1_900)) == [])
            #expect(!pool.replied(key, first).wanted)
        }
        #expect(pool.wait(.seconds(5)) == [])
        #expect(pool.machine.workers[0].state == .serving)
    }

    @Test("a closing pool does not wait for what nobody waits for")
    func closingAbandoned() {
        var pool = PoolTimeline.serving(1)
        let key = pool.accepted()
        _ = pool.cancel(key)
        #expect(pool.close(grace: .seconds(30)) == [.drain(first)])
        #expect(pool.wait(.seconds(2)) == [.terminate(first)])
    }

    @Test("a worker that is silent for 100 ms is stuck: safe requests move, the others wait 2 s, then it ends")
    func stuck() {
        var pool = PoolTimeline.serving(2) {
            $0.concurrency = 3
            $0.max = 2
        }
        let hung = pool.accepted()
        pool.pass(.seconds(5))
        let safe = pool.accepted()
        let unsafe = pool.accepted(safe: false)
        _ = pool.wait(.seconds(5))
        #expect(pool.machine.workers[0].isProbed)
        let actions = pool.wait(.milliseconds(100))
        #expect(
            actions == [
                .stuck(first), .retried(safe, from: first),
                .dispatch(safe, to: second, milliseconds: 4_900, cold: false),
            ])
        #expect(pool.wait(.milliseconds(1_999)) == [])
        #expect(
            pool.wait(.milliseconds(1)) == [.fail(unsafe, .crashed, worker: first), .terminate(first)])
        #expect(pool.dies(first) == [.gone(first)])
        #expect(!pool.machine.isKnown(hung))
    }

    @Test("others keep their own deadlines while their worker is stuck")
    func stuckDeadlines() {
        var pool = PoolTimeline.serving(1) { $0.concurrency = 3 }
        _ = pool.accepted()
        pool.pass(.seconds(1))
        let other = pool.accepted(safe: false)
        _ = pool.wait(.seconds(9))
        #expect(pool.wait(.milliseconds(100)) == [.stuck(first)])
        #expect(pool.wait(.milliseconds(900)).contains(.fail(other, .timeout, worker: first)))
    }

    @Test("a stuck worker that nobody waits for ends at once, and is replaced while it does")
    func stuckAlone() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        _ = pool.accepted()
        _ = pool.wait(.seconds(10))
        let waiting = pool.accepted()
        let actions = pool.wait(.milliseconds(100))
        #expect(actions == [.stuck(first), .terminate(first), .spawn(second, loop: 0)])
        #expect(pool.ready(second).contains(.dispatch(waiting, to: second, milliseconds: 10_000, cold: true)))
    }

    @Test("a stuck worker that answers after all serves again")
    func revived() {
        var pool = PoolTimeline.serving(1) { $0.concurrency = 3 }
        _ = pool.accepted()
        pool.pass(.seconds(1))
        let other = pool.accepted(safe: false)
        _ = pool.wait(.seconds(9))
        _ = pool.wait(.milliseconds(100))
        #expect(pool.replied(other, first).wanted)
        #expect(pool.machine.count(.serving) == 1)
        #expect(pool.invoke().actions.dispatched == [first])
    }

    @Test("a request that the client left keeps its deadline, at which the worker is asked")
    func abandonedDeadline() {
        var pool = PoolTimeline.serving(1)
        let key = pool.accepted()
        _ = pool.cancel(key)
        #expect(pool.wait(.seconds(10)) == [.ping(first)])
    }

    @Test("a request whose worker died and that finds no other in time gets 504")
    func returnedDeadline() {
        var pool = PoolTimeline.serving(1) { $0.timeout = .seconds(1) }
        let key = pool.accepted()
        _ = pool.dies(first, written: [key])
        #expect(pool.wait(.seconds(1)).contains(.fail(key, .timeout, worker: nil)))
    }

    @Test("a closed pool takes nothing new, finishes what it has, and ends its workers")
    func close() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = (0..<3).map { _ in pool.accepted() }
        #expect(pool.close(grace: .seconds(30)) == [])
        #expect(pool.invoke().failure == .closed)
        #expect(
            pool.replied(keys[0], first).actions == [
                .dispatch(keys[2], to: first, milliseconds: 10_000, cold: false), .drain(first),
            ])
        #expect(pool.replied(keys[1], first).wanted)
        #expect(pool.replied(keys[2], first).wanted)
        #expect(pool.closed(first, orderly: true) == [])
        #expect(pool.exited(first) == [.gone(first), .closed])
    }

    @Test("after the grace what is left fails, and the workers are ended")
    func graceOver() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let keys = (0..<3).map { _ in pool.accepted() }
        _ = pool.close(grace: .seconds(3))
        let actions = pool.wait(.seconds(3))
        #expect(Set(actions.failures.map(\.description)) == ["the function is being stopped"])
        #expect(actions.failures.count == keys.count)
        #expect(actions.contains(.terminate(first)))
        #expect(pool.dies(first).last == .closed)
    }

    @Test("closing a pool without workers is done at once, and one that starts is ended")
    func closeEmpty() {
        var pool = PoolTimeline()
        #expect(pool.close(grace: .zero) == [.closed])
        var starting = PoolTimeline { $0.min = 1 }
        _ = starting.start()
        #expect(starting.close(grace: .seconds(1)) == [.terminate(first)])
        #expect(starting.dies(first).last == .closed)
    }
}
