import Testing
import WorkerLoop

@testable import Postgres

@Suite struct PoolMachineTests {
    @Test("the first request opens a connection, and gets it when it is open")
    func firstRequest() {
        var pool = PoolTimeline()
        #expect(pool.start() == [])
        #expect(pool.request(1) == [.open(1)])
        #expect(pool.opened(1) == [.grant(1, 1)])
        #expect(pool.returned(1) == [])
        #expect(pool.request(2) == [.grant(2, 1)])
    }

    @Test("who comes first is served first, and no more are open than may be")
    func order() {
        var pool = PoolTimeline(maximum: 2)
        #expect(pool.request(1) == [.open(1)])
        #expect(pool.request(2) == [.open(2)])
        #expect(pool.request(3) == [])
        #expect(pool.request(4) == [])
        #expect(pool.opened(2) == [.grant(1, 2)])
        #expect(pool.opened(1) == [.grant(2, 1)])
        #expect(pool.returned(1) == [.grant(3, 1)])
        #expect(pool.returned(2) == [.grant(4, 2)])
    }

    @Test("the connection used last is lent first")
    func lastUsedFirst() {
        var pool = PoolTimeline(minimum: 2)
        #expect(pool.start() == [.open(1), .open(2)])
        #expect(pool.opened(1) == [])
        #expect(pool.opened(2) == [])
        #expect(pool.request(1) == [.grant(1, 2)])
        #expect(pool.request(2) == [.grant(2, 1)])
        #expect(pool.returned(2) == [])
        #expect(pool.returned(1) == [])
        #expect(pool.request(3) == [.grant(3, 1)])
    }

    @Test("a request that waits too long is told so, and the connection that opens later stays free")
    func timeOut() {
        var pool = PoolTimeline(maximum: 1, timeout: .seconds(2))
        _ = pool.request(1)
        #expect(pool.untilTick == .seconds(2))
        #expect(pool.pass(.milliseconds(1999)) == [])
        #expect(pool.pass(.milliseconds(1)) == [.refuse(1)])
        #expect(pool.opened(1) == [])
        #expect(pool.request(2) == [.grant(2, 1)])
        _ = pool.request(3)
        #expect(pool.pass(.seconds(2)) == [.timeOut(3)])
    }

    @Test("a cancelled request is passed over")
    func abandon() {
        var pool = PoolTimeline(maximum: 1)
        _ = pool.request(1)
        _ = pool.opened(1)
        _ = pool.request(2)
        _ = pool.request(3)
        #expect(pool.abandon(2) == [])
        #expect(pool.returned(1) == [.grant(3, 1)])
    }

    @Test("connections above the minimum are closed after the idle timeout, the oldest first")
    func idle() {
        var pool = PoolTimeline(minimum: 1, maximum: 3, idleTimeout: .seconds(30))
        _ = pool.start()
        _ = pool.opened(1)
        _ = pool.request(1)
        _ = pool.request(2)
        _ = pool.opened(2)
        _ = pool.returned(1)
        #expect(pool.pass(.seconds(10)) == [])
        _ = pool.returned(2)
        #expect(pool.untilTick == .seconds(20))
        #expect(pool.pass(.seconds(20)) == [.close(1)])
        #expect(pool.untilTick == nil)
        #expect(pool.pass(.seconds(1000)) == [])
    }

    @Test("an unusable connection is closed, and another is opened for who waits")
    func unusable() {
        var pool = PoolTimeline(maximum: 1)
        _ = pool.request(1)
        _ = pool.opened(1)
        _ = pool.request(2)
        #expect(pool.returned(1, usable: false) == [.close(1), .open(2)])
        #expect(pool.opened(2) == [.grant(2, 2)])
    }

    @Test("an unusable connection is replaced when fewer than the minimum are left")
    func minimum() {
        var pool = PoolTimeline(minimum: 1)
        _ = pool.start()
        _ = pool.opened(1)
        _ = pool.request(1)
        #expect(pool.returned(1, usable: false) == [.close(1), .open(2)])
    }

    @Test("who was granted a dead connection gets the next one, before all others")
    func lost() {
        var pool = PoolTimeline(maximum: 2)
        _ = pool.request(1)
        _ = pool.request(2)
        _ = pool.opened(1)
        _ = pool.opened(2)
        _ = pool.returned(1)
        _ = pool.returned(2)
        #expect(pool.request(3) == [.grant(3, 2)])
        #expect(pool.lost(2) == [.close(2), .grant(3, 1)])
        #expect(pool.request(4) == [.open(3)])
        #expect(pool.lost(1) == [.close(1), .open(4)])
        #expect(pool.opened(3) == [.grant(3, 3)])
        #expect(pool.opened(4) == [.grant(4, 4)])
    }

    @Test("without a server everybody who waits is refused at once, and who comes next tries again after a pause")
    func refused() {
        var pool = PoolTimeline(maximum: 2)
        _ = pool.request(1)
        _ = pool.request(2)
        _ = pool.request(3)
        #expect(pool.openFailed(1) == [])
        #expect(pool.openFailed(2) == [.refuse(1), .refuse(2), .refuse(3)])
        #expect(pool.untilTick == nil)
        #expect(pool.request(4) == [])
        #expect(pool.untilTick == .milliseconds(20))
        #expect(pool.pass(.milliseconds(20)) == [.open(3)])
        #expect(pool.opened(3) == [.grant(4, 3)])
    }

    @Test("while the server is away, one attempt is made at a time, after pauses that double up to half a second")
    func trials() {
        var pool = PoolTimeline(maximum: 8)
        #expect(pool.request(0) == [.open(1)])
        #expect(pool.openFailed(1) == [.refuse(0)])
        var id = 1
        for pause in [20, 40, 80, 160, 320, 500, 500] {
            #expect(pool.request(10 * id) == [])
            #expect(pool.request(10 * id + 1) == [])
            #expect(pool.untilTick == .milliseconds(pause))
            id += 1
            #expect(pool.pass(.milliseconds(pause)) == [.open(id)])
            #expect(pool.openFailed(id) == [.refuse(10 * (id - 1)), .refuse(10 * (id - 1) + 1)])
        }
        for waiter in 900..<903 { #expect(pool.request(waiter) == []) }
        #expect(pool.pass(.milliseconds(500)) == [.open(9)])
        // The first that succeeds opens the way for all.
        #expect(pool.opened(9) == [.grant(900, 9), .open(10), .open(11)])
    }

    @Test("who waits longer than the timeout while nothing is open hears that the server cannot be reached")
    func unreached() {
        var pool = PoolTimeline(maximum: 1, timeout: .seconds(2))
        _ = pool.request(1)
        #expect(pool.pass(.seconds(2)) == [.refuse(1)])
    }

    @Test("while a connection is lent, who waits goes on waiting when another cannot be opened")
    func refusedWhileLent() {
        var pool = PoolTimeline(maximum: 2)
        _ = pool.request(1)
        _ = pool.opened(1)
        _ = pool.request(2)
        #expect(pool.openFailed(2) == [])
        #expect(pool.request(3) == [])
        #expect(pool.returned(1) == [.grant(2, 1)])
        #expect(pool.pass(.milliseconds(20)) == [.open(3)])
        #expect(pool.opened(3) == [.grant(3, 3)])
    }

    @Test("the minimum is filled up after pauses that double up to 30 s, and end with the first success")
    func pauses() {
        var pool = PoolTimeline(minimum: 1)
        _ = pool.start()
        var id = 1
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            #expect(pool.openFailed(id) == [])
            #expect(pool.untilTick == .seconds(seconds))
            id += 1
            #expect(pool.pass(.seconds(seconds)) == [.open(id)])
        }
        #expect(pool.opened(id) == [])
        #expect(pool.untilTick == nil)
    }

    @Test("a closed pool dismisses who waits, closes what is free, and what is lent when it comes back")
    func close() {
        var pool = PoolTimeline(maximum: 3)
        _ = pool.request(1)
        _ = pool.opened(1)
        _ = pool.request(2)
        _ = pool.opened(2)
        _ = pool.returned(2)
        _ = pool.request(3)
        _ = pool.request(4)
        #expect(pool.close() == [.dismiss(4)])
        #expect(pool.request(5) == [.dismiss(5)])
        #expect(pool.opened(3) == [.close(3)])
        #expect(pool.returned(1) == [.close(1)])
        #expect(pool.returned(2) == [.close(2)])
        #expect(pool.close() == [])
        #expect(pool.untilTick == nil)
    }

    @Test("events that cannot be change nothing and are counted")
    func impossible() {
        var pool = PoolTimeline()
        #expect(pool.opened(7) == [])
        #expect(pool.openFailed(7) == [])
        #expect(pool.returned(7) == [])
        #expect(pool.lost(7) == [])
        _ = pool.request(1)
        _ = pool.opened(1)
        #expect(pool.opened(1) == [])
        #expect(pool.machine.impossibleEvents == 5)
        #expect(pool.returned(1) == [])
    }
}
