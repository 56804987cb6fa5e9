import Testing

@testable import Postgres

@Suite struct PoolFuzzTests {
    @Test("whatever happens, no connection is lent twice and no request is answered twice", arguments: 0..<20)
    func anyOrder(seed: UInt64) {
        var random = SplitMix(state: seed)
        let needsLeave = seed % 2 == 1
        var pool = PoolTimeline(
            minimum: 1, maximum: 3, idleTimeout: .seconds(3), timeout: .seconds(2), needsLeave: needsLeave)
        var asking: Set<Int> = []
        var opening: Set<Int> = []
        var lent: [Int: Int] = [:]
        var open: Set<Int> = []
        var waiting: Set<Int> = []
        var actions = pool.start()
        for step in 0..<2000 {
            for action in actions {
                switch action {
                case .ask(let id): #expect(needsLeave && asking.insert(id.rawValue).inserted)
                case .withdraw(let id): #expect(asking.remove(id.rawValue) != nil)
                case .open(let id):
                    #expect(opening.insert(id.rawValue).inserted)
                    #expect((asking.remove(id.rawValue) != nil) == needsLeave)
                case .close(let id):
                    lent[id.rawValue] = nil
                    #expect(open.remove(id.rawValue) != nil)
                case .grant(let waiter, let id):
                    #expect(waiting.remove(waiter.rawValue) != nil)
                    #expect(open.contains(id.rawValue) && lent[id.rawValue] == nil)
                    lent[id.rawValue] = waiter.rawValue
                case .timeOut(let waiter), .refuse(let waiter), .dismiss(let waiter):
                    #expect(waiting.remove(waiter.rawValue) != nil)
                }
            }
            #expect(open.count + opening.count + asking.count <= 3)
            actions = []
            switch random.next() % 9 {
            case 0, 1:
                waiting.insert(step)
                actions = pool.request(step)
            case 2:
                guard let id = opening.sorted().first else { continue }
                opening.remove(id)
                if random.next() % 4 == 0 {
                    actions = pool.openFailed(id)
                } else {
                    open.insert(id)
                    actions = pool.opened(id)
                }
            case 3, 4:
                guard let id = lent.keys.sorted().first else { continue }
                lent[id] = nil
                actions = pool.returned(id, usable: random.next() % 4 != 0)
            case 5:
                guard let waiter = waiting.sorted().last else { continue }
                waiting.remove(waiter)
                actions = pool.abandon(waiter)
            case 6:
                guard let id = asking.sorted().first else { continue }
                if random.next() % 4 == 0 {
                    asking.remove(id)
                    actions = pool.openFailed(id)
                } else {
                    actions = pool.allowed(id)
                }
            case 7: actions = pool.giveUpIdle().map { [$0] } ?? []
            default: actions = pool.pass(.milliseconds(Int(random.next() % 1500)))
            }
        }
        #expect(pool.machine.impossibleEvents == 0)
    }
}
