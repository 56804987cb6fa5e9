import Testing
import WorkerLoop

@testable import Postgres

@Suite struct PoolLeaveTests {
    @Test("a connection is opened only after there is leave")
    func leave() {
        var pool = PoolTimeline(needsLeave: true)
        #expect(pool.request(1) == [.ask(1)])
        #expect(pool.allowed(1) == [.open(1)])
        #expect(pool.opened(1) == [.grant(1, 1)])
        #expect(pool.returned(1, usable: false) == [.close(1)])
        #expect(pool.request(2) == [.ask(2)])
    }

    @Test("leave that nobody needs any more is taken back: who waited was served, cancelled, or late")
    func withdrawn() {
        var pool = PoolTimeline(maximum: 4, timeout: .seconds(2), needsLeave: true)
        _ = pool.request(1)
        _ = pool.allowed(1)
        _ = pool.opened(1)
        #expect(pool.request(2) == [.ask(2)])
        #expect(pool.request(3) == [.ask(3)])
        #expect(pool.returned(1) == [.grant(2, 1), .withdraw(3)])
        #expect(pool.abandon(3) == [.withdraw(2)])
        #expect(pool.request(4) == [.ask(4)])
        #expect(pool.pass(.seconds(2)) == [.timeOut(4), .withdraw(4)])
        // The answer to what was taken back came all the same.
        #expect(pool.allowed(4) == [])
        #expect(pool.openFailed(3) == [])
        #expect(pool.machine.impossibleEvents == 0)
    }

    @Test("who waits for leave when the timeout passes hears that no connection became free")
    func timeOut() {
        var pool = PoolTimeline(maximum: 1, timeout: .seconds(2), needsLeave: true)
        _ = pool.request(1)
        #expect(pool.pass(.seconds(2)) == [.timeOut(1), .withdraw(1)])
    }

    @Test("refused leave refuses who waits, unless a connection is lent that may come back")
    func refused() {
        var pool = PoolTimeline(maximum: 2, needsLeave: true)
        _ = pool.request(1)
        #expect(pool.openFailed(1) == [.refuse(1)])
        _ = pool.request(2)
        #expect(pool.pass(.milliseconds(20)) == [.ask(2)])
        _ = pool.allowed(2)
        _ = pool.opened(2)
        #expect(pool.request(3) == [.ask(3)])
        #expect(pool.openFailed(3) == [])
        #expect(pool.returned(2) == [.grant(3, 2)])
    }

    @Test("what others want is given up, the oldest first, while it is free; the minimum too")
    func givenUp() {
        var pool = PoolTimeline(minimum: 2, maximum: 2, needsLeave: true)
        #expect(pool.start() == [.ask(1), .ask(2)])
        _ = pool.allowed(1)
        _ = pool.allowed(2)
        _ = pool.opened(1)
        _ = pool.opened(2)
        #expect(pool.giveUpIdle() == .close(1))
        _ = pool.request(1)
        #expect(pool.giveUpIdle() == nil)
    }

    @Test("what may be kept is not closed for want of use")
    func kept() {
        var pool = PoolTimeline(maximum: 2, idleTimeout: .seconds(30), needsLeave: true)
        for waiter in 1...2 {
            _ = pool.request(waiter)
            _ = pool.allowed(waiter)
            _ = pool.opened(waiter)
        }
        for id in 1...2 { _ = pool.returned(id) }
        pool.machine.kept = 1
        #expect(pool.pass(.seconds(30)) == [.close(1)])
        #expect(pool.untilTick == nil)
        pool.machine.kept = 0
        #expect(pool.pass(.seconds(1)) == [.close(2)])
    }

    @Test("a closed pool takes back what it asked")
    func closed() {
        var pool = PoolTimeline(needsLeave: true)
        _ = pool.request(1)
        #expect(pool.close() == [.dismiss(1), .withdraw(1)])
        #expect(pool.allowed(1) == [])
    }
}
