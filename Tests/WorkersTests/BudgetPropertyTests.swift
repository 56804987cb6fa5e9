import Testing
import WireProtocol

@testable import Workers

@Suite("The budget of database connections under random events")
struct BudgetPropertyTests {
    /// Workers as they behave: they ask, give back when they are asked to and some time later, hang up and die.
    private struct Crowd {
        struct Worker {
            var held: Set<UInt64> = []
            var waiting: Set<UInt64> = []
            var last: UInt64 = 0
            var isSilent = false
        }

        var workers: [UInt64: Worker] = [:]
        var budget: ConnectionBudget
        var now = Instant(nanoseconds: 1)
        var answers = 0
        var fault: String?

        mutating func apply(_ actions: [BudgetAction]) {
            for case .answer(let key, let outcome) in actions {
                answers += 1
                let wasWaiting = workers[key.holder.token]?.waiting.remove(key.number) != nil
                if !wasWaiting { fault = "an answer to nobody" }
                if outcome == .granted { workers[key.holder.token]?.held.insert(key.number) }
            }
        }

        mutating func check(_ limit: Int) {
            let held = workers.values.reduce(0) { $0 + $1.held.count }
            let waiting = workers.values.reduce(0) { $0 + $1.waiting.count }
            if budget.leased != held { fault = "\(budget.leased) leased, \(held) held" }
            if budget.waiting != waiting { fault = "\(budget.waiting) waiting, \(waiting) wait" }
            if waiting > 0, held < limit { fault = "somebody waits though \(limit - held) are free" }
        }
    }

    @Test(
        "never more than the limit, no request lost or answered twice, nobody waits while one is free", arguments: 1...8
    )
    func invariants(seed: UInt64) {
        var random = Generator(state: seed &* 0x9E37_79B9)
        let limit = Int.random(in: 1...6, using: &random)
        var crowd = Crowd(
            budget: ConnectionBudget(ConnectionLimits(connections: limit, minConnections: min(limit, 2))))
        var fresh: UInt64 = 8
        for token in 0..<8 as Range<UInt64> { crowd.workers[token] = .init() }
        for step in 0..<4_000 {
            guard let token = crowd.workers.keys.sorted().randomElement(using: &random) else { break }
            let holder = LeaseHolder(token: token)
            var actions: [BudgetAction] = []
            let budgetNow = crowd.now
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<8 where crowd.workers[token]?.isSilent == false:
                crowd.workers[token]?.last += 1
                let number = crowd.workers[token]?.last ?? 0
                crowd.workers[token]?.waiting.insert(number)
                let key = LeaseKey(holder: holder, number: number)
                crowd.budget.asked(key, idle: Int.random(in: 0...2, using: &random), at: budgetNow, &actions)
            case 8..<14 where crowd.workers[token]?.isSilent == false:
                let all = (crowd.workers[token]?.held ?? []).union(crowd.workers[token]?.waiting ?? [])
                guard let number = all.sorted().randomElement(using: &random) else { continue }
                crowd.workers[token]?.held.remove(number)
                crowd.workers[token]?.waiting.remove(number)
                crowd.budget.returned(
                    holder, [number], idle: Int.random(in: 0...2, using: &random), at: budgetNow, &actions)
            case 14:
                crowd.workers[token]?.isSilent = true
                crowd.workers[token]?.waiting = []
                crowd.budget.silenced(holder, at: budgetNow, &actions)
            case 15:
                crowd.workers[token] = nil
                crowd.budget.gone(holder, at: budgetNow, &actions)
                crowd.workers[fresh] = .init()
                fresh += 1
            default:
                crowd.now = crowd.now + .milliseconds(Int.random(in: 0...400, using: &random))
                crowd.budget.timer(at: crowd.now, &actions)
            }
            crowd.apply(actions)
            crowd.check(limit)
            guard crowd.fault == nil, crowd.budget.leased <= limit, crowd.budget.impossible == 0 else {
                Issue.record("step \(step): \(crowd.fault ?? "over the limit")")
                return
            }
        }
        #expect(crowd.answers > 300)
    }

    @Test("fifty workers that want connections all the time all get one, again and again, within their wait")
    func fairness() {
        var budget = ConnectionBudget(ConnectionLimits(connections: 20))
        var now = Instant(nanoseconds: 1)
        var owed: [UInt64: Int] = [:]
        var held: [UInt64: [UInt64]] = [:]
        var grants: [UInt64: Int] = [:]
        var denied = 0
        var numbers: UInt64 = 0
        var random = Generator(state: 50)
        func settle(_ actions: [BudgetAction]) {
            for action in actions {
                switch action {
                case .answer(let key, .granted):
                    held[key.holder.token, default: []].append(key.number)
                    grants[key.holder.token, default: 0] += 1
                case .answer: denied += 1
                case .recall(let holder, let frame): owed[holder.token] = Int(frame.wanted)
                case .arm: break
                }
            }
        }
        for worker in 0..<50 as Range<UInt64> {
            var actions: [BudgetAction] = []
            numbers += 1
            budget.asked(LeaseKey(holder: LeaseHolder(token: worker), number: numbers), idle: 0, at: now, &actions)
            settle(actions)
        }
        // Ten seconds in steps of 5 ms: whoever owes a lease gives it back a step later, and asks again at once.
        for _ in 0..<2_000 {
            now = now + .milliseconds(5)
            var actions: [BudgetAction] = []
            budget.timer(at: now, &actions)
            // In any order, or those with small numbers would always be the first to ask again.
            for worker in owed.keys.sorted().shuffled(using: &random) where owed[worker, default: 0] > 0 {
                guard let number = held[worker]?.popLast() else { continue }
                owed[worker, default: 0] -= 1
                numbers += 1
                let holder = LeaseHolder(token: worker)
                budget.returned(holder, [number], idle: 0, at: now, &actions)
                budget.asked(LeaseKey(holder: holder, number: numbers), idle: 0, at: now, &actions)
            }
            settle(actions)
            #expect(budget.leased <= 20)
        }
        #expect(denied == 0)
        let counts = (0..<50).map { grants[UInt64($0), default: 0] }
        // 96 turns of 20 among 50 are 38 for each.
        #expect(counts.allSatisfy { (30...46).contains($0) }, "\(counts)")
    }
}

/// Random numbers that are the same in each run.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
