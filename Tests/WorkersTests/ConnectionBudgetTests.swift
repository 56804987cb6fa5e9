import Testing
import WireProtocol

@testable import Workers

@Suite("The budget of database connections")
struct ConnectionBudgetTests {
    @Test("what is free is granted at once, and counts until it is given back")
    func grants() {
        var time = BudgetTimeline(2)
        #expect(time.ask("a", 1) == [.grant("a", 1)])
        #expect(time.ask("b", 1) == [.grant("b", 1)])
        #expect(time.budget.status == ConnectionStatus(limit: 2, leased: 2, waiting: 0))
        #expect(time.give("a", 1) == [])
        #expect(time.budget.leased == 1)
        #expect(time.ask("b", 2) == [.grant("b", 2)])
        #expect(time.budget.impossible == 0)
    }

    @Test("workers that have none get one in the order in which they asked, whichever function they are of")
    func order() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        for worker in ["c", "d", "e"] as [Character] { #expect(time.ask(worker, 1) == []) }
        #expect(time.give("b", 1) == [.grant("c", 1)])
        #expect(time.give("a", 1) == [.grant("d", 1)])
        #expect(time.give("c", 1) == [.grant("e", 1)])
    }

    @Test("everybody has one before anybody has two, however many one worker asks for")
    func greedy() {
        var time = BudgetTimeline(3)
        for lease in 1...6 as ClosedRange<UInt64> { _ = time.ask("a", lease) }
        #expect(time.budget.status == ConnectionStatus(limit: 3, leased: 3, waiting: 3))
        // At once, since `a` has two more than `b`; and the three of `a` that waited before still wait.
        #expect(time.ask("b", 1) == [.recall("a", 1)])
        #expect(time.give("a", 2) == [.grant("b", 1)])
        // Three shared by two: one has two of them, and nothing is taken away from it.
        #expect(time.ask("b", 2) == [])
        #expect(time.pass(.milliseconds(500)) == [])
        // Among equals the older request goes first.
        #expect(time.give("a", 1) == [.grant("a", 4)])
        #expect(time.give("b", 2) == [])
        #expect(time.give("a", 3, 4) == [.grant("a", 5), .grant("a", 6)])
    }

    @Test("what a worker does not use goes at once to one that has none, to one that has some after a rest")
    func idle() {
        var time = BudgetTimeline(4)
        for lease in 1...3 as ClosedRange<UInt64> { _ = time.ask("a", lease) }
        _ = time.ask("b", 1)
        #expect(time.says("a", idle: 1) == [])
        _ = time.pass(.milliseconds(100))
        #expect(time.says("b", idle: 1) == [])
        #expect(time.says("a", idle: 2) == [])
        // From the one that uses the most the least.
        #expect(time.ask("c", 1) == [.recall("a", 1)])
        #expect(time.give("a", 1, idle: 1) == [.grant("c", 1)])
        // Nobody has many more than the one that has some.
        #expect(time.ask("c", 2) == [])
        #expect(time.ask("c", 3) == [])
        #expect(time.pass(.milliseconds(399)) == [])
        #expect(time.pass(.milliseconds(1)) == [.recall("a", 1, returned: 1)])
        #expect(time.give("a", 3) == [.grant("c", 2)])
        #expect(time.pass(.milliseconds(100)) == [.recall("b", 1)])
        #expect(time.give("b", 1) == [.grant("c", 3)])
    }

    @Test("loads that go up and down take nothing from one another")
    func restless() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        for lease in 2...40 as ClosedRange<UInt64> {
            // Each in its turn has too few, while the other does not use its own.
            let (busy, other): (Character, Character) = lease % 2 == 0 ? ("a", "b") : ("b", "a")
            #expect(time.says(other, idle: 1) == [])
            #expect(time.ask(busy, lease) == [])
            #expect(time.pass(.milliseconds(300)) == [])
            #expect(time.says(other, idle: 0) == [])
            #expect(time.give(busy, lease) == [])
        }
        // The other stays without work: what it does not use goes where it is missing.
        _ = time.says("b", idle: 1)
        #expect(time.ask("a", 41) == [])
        #expect(time.pass(.milliseconds(499)) == [])
        #expect(time.pass(.milliseconds(1)) == [.recall("b", 1)])
    }

    @Test("what the asking worker itself does not use is asked back from it where no other has many more")
    func ownIdle() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        _ = time.says("b", idle: 1)
        #expect(time.ask("a", 2, idle: 1) == [.recall("a", 1)])
        #expect(time.ask("b", 2, idle: 1) == [.recall("b", 1)])
        var alone = BudgetTimeline(1)
        _ = alone.ask("a", 1)
        #expect(alone.ask("a", 2, idle: 1) == [.recall("a", 1)])
        #expect(alone.give("a", 1) == [.grant("a", 2)])
    }

    @Test("a worker that uses its only connection keeps it for a turn, then the one that waits gets it")
    func turns() {
        var time = BudgetTimeline(1)
        _ = time.ask("a", 1)
        #expect(time.pass(.milliseconds(40)) == [])
        #expect(time.ask("b", 1) == [])
        #expect(time.armed == time.now + .milliseconds(60))
        #expect(time.pass(.milliseconds(60)) == [.recall("a", 1)])
        #expect(time.give("a", 1) == [.grant("b", 1)])
        // And back again: no faster than a turn.
        #expect(time.ask("a", 2) == [])
        #expect(time.pass(.milliseconds(99)) == [])
        #expect(time.pass(.milliseconds(1)) == [.recall("b", 1)])
    }

    @Test("who has one already takes none from who has one too")
    func equals() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        #expect(time.ask("a", 2) == [])
        #expect(time.pass(.seconds(1)) == [])
        #expect(time.pass(.seconds(1)) == [.deny("a", 2)])
    }

    @Test("a worker that does not give back in time is not waited for: another one is asked too")
    func patience() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.pass(.milliseconds(10))
        _ = time.ask("b", 1)
        _ = time.pass(.milliseconds(100))
        #expect(time.ask("c", 1) == [.recall("a", 1)])
        #expect(time.armed == time.now + .milliseconds(50))
        #expect(time.pass(.milliseconds(50)) == [.recall("b", 1)])
        #expect(time.give("b", 1) == [.grant("c", 1), .recall("a", 0)])
        #expect(time.give("a", 1) == [])
    }

    @Test("a request past its time is denied, and what was wanted back for it no longer is")
    func timeout() {
        var time = BudgetTimeline(1)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        _ = time.pass(.milliseconds(500))
        _ = time.ask("c", 1)
        #expect(time.pass(.milliseconds(1499)) == [])
        #expect(time.pass(.milliseconds(1)) == [.deny("b", 1)])
        #expect(time.pass(.milliseconds(500)) == [.deny("c", 1), .recall("a", 0)])
        #expect(time.budget.status == ConnectionStatus(limit: 1, leased: 1, waiting: 0))
    }

    @Test("a request taken back is forgotten, and one taken back too late is a lease given back")
    func takenBack() {
        var time = BudgetTimeline(1)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        _ = time.ask("c", 1)
        #expect(time.give("b", 1) == [])
        #expect(time.give("a", 1) == [.grant("c", 1)])
        #expect(time.give("c", 1) == [])
        #expect(time.give("c", 1) == [])
        #expect(time.budget.status == ConnectionStatus(limit: 1, leased: 0, waiting: 0))
    }

    @Test("a worker's leases outlast its link and come back with the end of its process")
    func death() {
        var time = BudgetTimeline(2)
        _ = time.ask("a", 1)
        _ = time.ask("a", 2)
        _ = time.ask("a", 3)
        #expect(time.ask("b", 1) == [.recall("a", 1)])
        _ = time.ask("c", 1)
        // Nothing is asked of it any more, and it waits for nothing.
        #expect(time.hangsUp("a") == [])
        #expect(time.budget.status == ConnectionStatus(limit: 2, leased: 2, waiting: 2))
        #expect(time.dies("a") == [.grant("b", 1), .grant("c", 1)])
        #expect(time.dies("a") == [])
        #expect(time.budget.impossible == 0)
    }

    @Test("the oldest leases may stay unused, wherever they are; with somebody waiting, none is promised")
    func minimum() {
        var time = BudgetTimeline(3, keeping: 2)
        #expect(time.ask("a", 1) == [.grant("a", 1), .recall("a", 0, keep: 1)])
        #expect(time.ask("b", 1) == [.grant("b", 1), .recall("b", 0, keep: 1)])
        #expect(time.ask("c", 1) == [.grant("c", 1)])
        // The next oldest takes the place.
        #expect(time.give("a", 1) == [.recall("a", 0, returned: 1), .recall("c", 0, keep: 1)])
        #expect(time.dies("b") == [])
        #expect(time.ask("a", 2) == [.grant("a", 2), .recall("a", 0, keep: 1, returned: 1)])
    }

    @Test("a smaller budget takes the excess back and grants nothing before it is gone; a larger one grants at once")
    func reload() {
        var time = BudgetTimeline(4)
        for lease in 1...3 as ClosedRange<UInt64> { _ = time.ask("a", lease) }
        _ = time.ask("b", 1)
        #expect(time.change(2) == [.recall("a", 2)])
        #expect(time.ask("c", 1) == [])
        #expect(time.give("a", 1) == [])
        #expect(time.give("a", 2) == [])
        #expect(time.budget.leased == 2)
        #expect(time.give("a", 3) == [.grant("c", 1)])
        _ = time.ask("d", 1)
        #expect(time.change(5) == [.grant("d", 1)])
        _ = time.ask("e", 1)
        #expect(time.change(nil) == [])
        #expect(time.ask("f", 1) == [.refuse("f", 1)])
        #expect(time.budget.status == nil)
    }

    @Test("without a database all who wait are refused")
    func noDatabase() {
        var time = BudgetTimeline(1)
        _ = time.ask("a", 1)
        _ = time.ask("b", 1)
        #expect(time.change(nil) == [.refuse("b", 1)])
        #expect(BudgetTimeline(nil).budget.status == nil)
    }

    @Test("a number used twice is counted and ignored, and one worker may not fill the queue")
    func abuse() {
        var time = BudgetTimeline(1)
        _ = time.ask("a", 1)
        #expect(time.ask("a", 1) == [])
        #expect(time.budget.impossible == 1)
        for lease in 2...1025 as ClosedRange<UInt64> { _ = time.ask("a", lease) }
        #expect(time.budget.waiting == 1024)
        #expect(time.ask("a", 2000) == [.refuse("a", 2000)])
        #expect(time.says("nobody".first ?? "n", idle: 9) == [])
    }
}
