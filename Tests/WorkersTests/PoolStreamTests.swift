import Testing
import WireProtocol

@testable import Workers

@Suite("Answers that come in parts")
struct PoolStreamTests {
    let first = PoolTimeline.worker(0)

    @Test("from the first byte on there is no deadline")
    func deadline() {
        var pool = PoolTimeline.serving(1)
        let key = pool.accepted()
        pool.pass(.seconds(9))
        #expect(pool.began(key, first) == true)
        #expect(pool.wait(.seconds(3_600)) == [])
        let end = pool.replied(key, first)
        #expect(end.wanted)
    }

    @Test("an answer begins once, of a request that somebody waits for, by its own worker")
    func once() {
        var pool = PoolTimeline.serving(2) { $0.concurrency = 1 }
        let key = pool.accepted()
        #expect(pool.began(key, PoolTimeline.worker(1)) == false)
        #expect(pool.began(key, first) == true)
        #expect(pool.began(key, first) == false)
        let cancelled = pool.accepted()
        _ = pool.cancel(cancelled)
        #expect(pool.began(cancelled, PoolTimeline.worker(1)) == false)
    }

    @Test("a worker's death breaks the answer off, and nothing is tried again", arguments: [true, false])
    func death(written: Bool) {
        var pool = PoolTimeline.serving(2)
        let key = pool.accepted()
        let other = pool.accepted()
        #expect(pool.began(key, first) == true)
        let actions = pool.dies(first, written: written ? [key, other] : [other])
        #expect(actions.failures == [.crashed])
        #expect(actions.contains(.fail(key, .crashed, worker: first)))
        #expect(actions.contains(.retried(other, from: first)))
    }

    @Test("a client that goes away cancels the handler, which has its timeout to notice before it is asked if it lives")
    func cancel() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let key = pool.accepted()
        #expect(pool.began(key, first) == true)
        pool.pass(.seconds(100))
        let cancelled = pool.cancel(key)
        #expect(cancelled.wanted)
        #expect(cancelled.actions == [.cancel(key, on: first, .clientGone)])
        #expect(pool.wait(.milliseconds(9_999)) == [])
        #expect(pool.wait(.milliseconds(1)) == [.ping(first)])
        #expect(pool.pong(first) == [])
        let late = pool.replied(key, first)
        #expect(!late.wanted)
        #expect(pool.machine.workers[0].held == 0)
    }

    @Test("a stuck worker's streams have as long as its other requests")
    func stuck() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        let stream = pool.accepted()
        let late = pool.accepted(safe: false)
        #expect(pool.began(stream, first) == true)
        #expect(pool.wait(.seconds(10)).contains(.fail(late, .timeout, worker: first)))
        #expect(pool.wait(.milliseconds(100)) == [.stuck(first)])
        #expect(pool.wait(.seconds(2)).contains(.fail(stream, .crashed, worker: first)))
    }

    @Test("an answer that begins shows that its worker lives")
    func probed() {
        var pool = PoolTimeline.serving(1) { $0.max = 1 }
        _ = pool.accepted()
        pool.pass(.seconds(1))
        let key = pool.accepted()
        _ = pool.wait(.seconds(9))
        #expect(pool.machine.workers[0].isProbed)
        #expect(pool.began(key, first) == true)
        #expect(!pool.machine.workers[0].isProbed)
    }

    @Test("a stream ends at the end of the grace, not before")
    func grace() {
        var pool = PoolTimeline.serving(1)
        let key = pool.accepted()
        #expect(pool.began(key, first) == true)
        #expect(pool.close(grace: .seconds(30)) == [.drain(first)])
        #expect(pool.wait(.milliseconds(29_999)) == [])
        #expect(pool.wait(.milliseconds(1)) == [.fail(key, .closed, worker: first), .terminate(first)])
    }
}

extension PoolTimeline {
    mutating func began(_ key: InvocationKey, _ worker: WorkerKey) -> Bool {
        var wanted = false
        _ = act { wanted = $0.began(key, from: worker, at: $1, &$2) }
        return wanted
    }
}
