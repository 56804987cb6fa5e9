import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("The cache")
struct ResponseCacheTests {
    private let fixture = CacheFixture()

    @Test("an answer is found for its lifetime, and by its own key only")
    func hit() throws {
        let policy = try fixture.policy()
        let key = fixture.key(policy)
        #expect(fixture.join(key).word == "lead")
        #expect(try fixture.store(key, "one"))
        #expect(fixture.found(key) == "one")
        #expect(fixture.join(key).word == "hit one")
        #expect(fixture.found(fixture.key(policy, query: "a=1")) == nil)
        fixture.advance(29.9)
        #expect(fixture.found(key) == "one")
        fixture.advance(0.1)
        #expect(fixture.found(key) == nil)
        #expect(fixture.join(key).word == "lead")
    }

    @Test("of requests at once one asks, and the others get its answer")
    func collapsed() throws {
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        let waiters = (0..<5).map { _ in FakeWaiter() }
        for waiter in waiters { #expect(fixture.join(key, waiter).word == "wait") }
        #expect(waiters.allSatisfy { $0.words.isEmpty })
        #expect(lease.store(fixture.answer("one"), now: fixture.now))
        #expect(waiters.allSatisfy { $0.words == ["one"] })
        #expect(fixture.cache.flights == 0)
    }

    @Test("a lease ends once")
    func once() throws {
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        lease.abandon(now: fixture.now)
        #expect(!lease.store(fixture.answer("late"), now: fixture.now))
        lease.refuse(now: fixture.now)
        #expect(fixture.found(key) == nil)
        #expect(fixture.join(key).word == "lead")
    }

    @Test("a lease that is let go is abandoned: the next one leads")
    func letGo() throws {
        let key = fixture.key(try fixture.policy())
        let waiters = (0..<3).map { _ in FakeWaiter() }
        do {
            let lease = try fixture.lead(key)
            for waiter in waiters { #expect(fixture.join(key, waiter).word == "wait") }
            _ = consume lease
        }
        #expect(waiters.map(\.words) == [["lead"], [], []])
        let lease = try #require(waiters[0].takeLease())
        #expect(lease.store(fixture.answer("two"), now: fixture.now))
        #expect(waiters.map(\.words) == [["lead"], ["two"], ["two"]])
    }

    @Test(
        "a failure is shared with those who have waited for as long as they can; of the others one after another asks")
    func failure() throws {
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        let waiters = (0..<3).map { _ in FakeWaiter() }
        #expect(fixture.join(key, waiters[0], patience: 1).word == "wait")
        #expect(fixture.join(key, waiters[1], patience: 5).word == "wait")
        #expect(fixture.join(key, waiters[2], patience: 9).word == "wait")
        fixture.advance(2)
        lease.abandon(.failed(APIError(.functionTimeout)), now: fixture.now)
        #expect(waiters.map(\.words) == [["FUNCTION_TIMEOUT"], ["lead"], []])
        #expect(fixture.join(key).word == "wait")
        try #require(waiters[1].takeLease()).refuse(now: fixture.now)
        #expect(waiters.map(\.words) == [["FUNCTION_TIMEOUT"], ["lead"], ["alone"]])
        #expect(fixture.cache.flights == 0)
    }

    @Test("after an answer that cannot be kept nobody waits for ten seconds")
    func refused() throws {
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        let waiter = FakeWaiter()
        #expect(fixture.join(key, waiter).word == "wait")
        lease.refuse(now: fixture.now)
        #expect(waiter.words == ["alone"])
        #expect(fixture.join(key).word == "alone")
        fixture.advance(9.9)
        #expect(fixture.join(key).word == "alone")
        fixture.advance(0.1)
        #expect(fixture.join(key).word == "lead")
    }

    @Test("who goes away is not called")
    func leaving() throws {
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        let waiter = FakeWaiter()
        guard case .wait(let wait) = fixture.join(key, waiter) else { throw CacheFixture.NoPolicy() }
        fixture.cache.leave(wait)
        fixture.cache.leave(wait)
        lease.abandon(now: fixture.now)
        #expect(waiter.words.isEmpty)
        #expect(fixture.cache.flights == 0)
    }

    // MARK: Dropping

    @Test("a resource is dropped whatever the query, the caller, the version in its path and the function")
    func resource() throws {
        let policy = try fixture.policy(CacheFixture.settings(vary: [.caller]))
        let other = try fixture.policy(CacheFixture.settings("Other"))
        let me = CallerIdentity(Caller(id: "1"), by: .jwt)
        let versioned = policy.key(
            path: Array("/api/v2/users".utf8), from: 8, query: [], caller: .anonymous, headers: [:])
        let keys = [
            fixture.key(policy), fixture.key(policy, query: "a=1"), fixture.key(policy, caller: me),
            fixture.key(other), versioned,
        ]
        let kept = [fixture.key(policy, "users/1"), fixture.key(policy, "user")]
        for key in keys + kept { #expect(try fixture.store(key, "x")) }
        fixture.cache.drop(resource: Array("users".utf8)[...])
        #expect(keys.allSatisfy { fixture.found($0) == nil })
        #expect(kept.allSatisfy { fixture.found($0) == "x" })
    }

    @Test("a function is dropped alone, and everything together frees its bytes")
    func function() throws {
        let one = fixture.key(try fixture.policy())
        let two = fixture.key(try fixture.policy(CacheFixture.settings("Other")))
        for key in [one, two] { #expect(try fixture.store(key, "x")) }
        fixture.cache.drop("ListUsers")
        #expect(fixture.found(one) == nil)
        #expect(fixture.found(two) == "x")
        #expect(fixture.cache.size.answers == 1)
        #expect(try fixture.store(one, "y"))
        fixture.cache.dropAll()
        #expect(fixture.found(one) == nil && fixture.found(two) == nil)
        #expect(fixture.cache.size == (0, 0))
    }

    enum Drop: CaseIterable { case resource, function, all }
    private func drop(_ what: Drop) {
        switch what {
        case .resource: fixture.cache.drop(resource: Array("users".utf8)[...])
        case .function: fixture.cache.drop("ListUsers")
        case .all: fixture.cache.dropAll()
        }
    }

    @Test(
        "an answer that a write overtook is not kept, and later requests do not wait for it", arguments: Drop.allCases)
    func race(what: Drop) throws {
        let key = fixture.key(try fixture.policy())
        let old = try fixture.lead(key)
        let before = FakeWaiter()
        #expect(fixture.join(key, before).word == "wait")
        drop(what)
        let new = try fixture.lead(key)
        let after = FakeWaiter()
        #expect(fixture.join(key, after).word == "wait")
        // Who asked before the write may hear what was true then.
        #expect(!old.store(fixture.answer("old"), now: fixture.now))
        #expect(before.words == ["old"])
        #expect(after.words.isEmpty)
        #expect(fixture.found(key) == nil)
        #expect(new.store(fixture.answer("new"), now: fixture.now))
        #expect(after.words == ["new"])
        #expect(fixture.found(key) == "new")
    }

    @Test("an older answer that comes last does not displace the newer one", arguments: Drop.allCases)
    func lateRace(what: Drop) throws {
        let key = fixture.key(try fixture.policy())
        let old = try fixture.lead(key)
        drop(what)
        #expect(try fixture.store(key, "new"))
        #expect(!old.store(fixture.answer("old"), now: fixture.now))
        #expect(fixture.found(key) == "new")
        drop(what)
        let third = try fixture.lead(key)
        drop(what)
        third.refuse(now: fixture.now)
        #expect(fixture.join(key).word == "lead")
    }

    @Test("who leads on after a failure asks anew, so a write before that does not count against it")
    func leadOn() throws {
        let key = fixture.key(try fixture.policy())
        let old = try fixture.lead(key)
        let waiter = FakeWaiter()
        #expect(fixture.join(key, waiter).word == "wait")
        drop(.function)
        old.abandon(now: fixture.now)
        #expect(waiter.words == ["lead"])
        #expect(try #require(waiter.takeLease()).store(fixture.answer("new"), now: fixture.now))
        #expect(fixture.found(key) == "new")
    }

    // MARK: What clears

    @Test(
        "a success of an unsafe method drops its own address",
        arguments: [
            (.post, 200, true), (.post, 201, true), (.put, 204, true), (.patch, 303, true), (.delete, 200, true),
            (.post, 400, false), (.post, 404, false), (.post, 409, false), (.post, 500, false),
            (.get, 200, false), (.head, 200, false), (.options, 204, false),
        ] as [(Method, UInt16, Bool)])
    func ownAddress(method: Method, code: UInt16, drops: Bool) throws {
        let list = CacheFixture.settings()
        let create = FunctionSettings(name: "CreateUser", routes: [])
        let key = fixture.key(try fixture.policy(list))
        #expect(try fixture.store(key, "x"))
        let clearing = try #require(CacheClearing("CreateUser", of: [list, create], in: fixture.cache))
        clearing.answered(method, Status(code), path: Array("/api/users".utf8), from: 5)
        #expect((fixture.found(key) == nil) == drops)
    }

    @Test("a success of a function in clearedBy drops all, whatever its method and address; a failure nothing")
    func clearedBy() throws {
        let list = CacheFixture.settings(clearedBy: ["Import"])
        let other = CacheFixture.settings("Other")
        let functions = [list, other, FunctionSettings(name: "Import", routes: [])]
        let keys = ["users", "users/1"].map { [policy = try fixture.policy(list)] in fixture.key(policy, $0) }
        let kept = fixture.key(try fixture.policy(other), "else")
        let clearing = try #require(CacheClearing("Import", of: functions, in: fixture.cache))
        for method in [Method.post, .get] {
            for key in keys + [kept] where fixture.found(key) == nil { #expect(try fixture.store(key, "x")) }
            clearing.answered(method, Status(500), path: Array("/api/import".utf8), from: 5)
            clearing.answered(method, Status(409), path: Array("/api/import".utf8), from: 5)
            #expect(keys.allSatisfy { fixture.found($0) == "x" })
            clearing.answered(method, Status(202), path: Array("/api/import".utf8), from: 5)
            #expect(keys.allSatisfy { fixture.found($0) == nil })
            #expect(fixture.found(kept) == "x")
        }
    }

    @Test("a write whose end nobody knows drops as a success does; a read does not")
    func lost() throws {
        let list = CacheFixture.settings(clearedBy: ["CreateUser"])
        let key = fixture.key(try fixture.policy(list), "users/1")
        let clearing = try #require(CacheClearing("CreateUser", of: [list], in: fixture.cache))
        #expect(try fixture.store(key, "x"))
        clearing.lost(.get, path: Array("/api/users".utf8), from: 5, settledAt: fixture.now)
        #expect(fixture.found(key) == "x")
        clearing.lost(.post, path: Array("/api/users".utf8), from: 5, settledAt: fixture.now)
        #expect(fixture.found(key) == nil)
        clearing.lost(.post, path: [], from: 99, settledAt: fixture.now)
    }

    @Test(
        "what is asked while such a write may still be at it is not kept, of its dependents and of its own address",
        arguments: [("CreateUser", "users/1"), ("Other", "users")] as [(FunctionName, String)])
    func doubtful(clearedBy: FunctionName, path: String) throws {
        let list = CacheFixture.settings(clearedBy: [clearedBy])
        let key = fixture.key(try fixture.policy(list), path)
        let apart = fixture.key(try fixture.policy(CacheFixture.settings("Apart")), "users/2")
        let clearing = try #require(CacheClearing("CreateUser", of: [list], in: fixture.cache))
        clearing.lost(
            .post, path: Array("/api/users".utf8), from: 5, settledAt: fixture.now + 5 * CacheFixture.second)
        #expect(try !fixture.store(key, "old"))
        #expect(try fixture.store(apart, "apart"))
        fixture.advance(4.9)
        let lease = try fixture.lead(key)
        let waiter = FakeWaiter()
        #expect(fixture.join(key, waiter).word == "wait")
        fixture.advance(1)
        #expect(!lease.store(fixture.answer("late"), now: fixture.now))
        #expect(waiter.words == ["late"] && fixture.found(key) == nil)
        #expect(try fixture.store(key, "new"))
        #expect(fixture.found(key) == "new" && fixture.found(apart) == "apart")
    }

    @Test("past the most resources that are in doubt all of them are")
    func manyDoubts() {
        let doubts = ResourceDoubts(limit: 2)
        for (place, time) in [(1, 10), (2, 30), (1, 20)] as [(Int, UInt64)] { doubts.add(place, until: time) }
        #expect(doubts.holds(1, after: 19) && !doubts.holds(1, after: 20))
        #expect(doubts.holds(2, after: 29) && !doubts.holds(3, after: 0))
        doubts.add(3, until: 40)
        #expect(doubts.holds(3, after: 39) && !doubts.holds(3, after: 40))
        #expect(doubts.holds(4, after: 29) && !doubts.holds(4, after: 30))
    }

    @Test("where nothing is kept nothing need be dropped")
    func nothing() {
        let plain = FunctionSettings(name: "A", routes: [])
        #expect(CacheClearing("A", of: [plain], in: fixture.cache) == nil)
    }

    // MARK: Memory

    @Test("a flood of keys stays within the bytes, and what is asked for all the time stays")
    func flood() throws {
        let fixture = CacheFixture(capacity: 1 << 20, shards: 4)
        let policy = try fixture.policy()
        let hot = fixture.key(policy, query: "hot")
        #expect(try fixture.store(hot, "hot"))
        for number in 0..<20_000 {
            #expect(try fixture.store(fixture.key(policy, query: "x=\(number)"), String(repeating: "a", count: 300)))
            if number % 50 == 0 {
                #expect(fixture.found(hot) == "hot")
                #expect(fixture.cache.size.bytes <= 1 << 20)
            }
        }
        #expect(fixture.cache.size.answers > 500)
        #expect(fixture.found(fixture.key(policy, query: "x=0")) == nil)
        #expect(fixture.cache.flights == 0)
    }

    @Test("marks of what cannot be kept are within the bytes, too")
    func floodOfRefusals() throws {
        let fixture = CacheFixture(capacity: 1 << 20, shards: 4)
        let policy = try fixture.policy()
        for number in 0..<20_000 {
            try fixture.lead(fixture.key(policy, query: "x=\(number)")).refuse(now: fixture.now)
        }
        #expect(fixture.cache.size.bytes <= 1 << 20)
        #expect(fixture.cache.size.answers > 500)
    }

    @Test("one answer is an eighth of a part at most, and no more than a mebibyte; who waits gets it all the same")
    func large() throws {
        let fixture = CacheFixture(capacity: 1 << 20, shards: 1)
        let key = fixture.key(try fixture.policy())
        let lease = try fixture.lead(key)
        let waiter = FakeWaiter()
        #expect(fixture.join(key, waiter).word == "wait")
        #expect(!lease.store(fixture.answer(String(repeating: "a", count: 1 << 17)), now: fixture.now))
        #expect(waiter.words.map(\.count) == [1 << 17])
        #expect(fixture.found(key) == nil)
        #expect(fixture.join(key).word == "lead")
        let wide = CacheFixture(capacity: 64 << 20, shards: 1)
        let other = wide.key(try wide.policy())
        #expect(try !wide.store(other, String(repeating: "a", count: 1 << 20)))
        #expect(try wide.store(other, String(repeating: "a", count: 1 << 19)))
    }
}
