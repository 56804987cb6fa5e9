import Manifests
import Testing

@testable import Gateway

@Suite("When a key set is fetched, as timelines")
struct KeySetMachineTests {
    /// A machine and the seconds that have passed.
    private struct Timeline {
        var machine = KeySetMachine()
        var now: UInt64 = 1000 * KeySetMachine.second

        mutating func at(_ seconds: UInt64) { now = (1000 + seconds) * KeySetMachine.second }
        mutating func tick() -> [KeySetMachine.Action] { machine.tick(at: now) }
        mutating func came(_ number: UInt64, _ set: KeySet?, fresh: UInt64 = 600) -> [KeySetMachine.Action] {
            machine.finished(number, set, freshSeconds: fresh, at: now)
        }
        /// `keys`, `refused: …`, `unavailable …` or `wait`, and the actions.
        mutating func want(_ id: String, _ waiter: UInt64 = 1) -> (String, [KeySetMachine.Action]) {
            let (answer, actions) = machine.want(Array(id.utf8), .es256, waiter: waiter, at: now)
            return (Self.text(answer), actions)
        }
        func settle(_ id: String) -> String { Self.text(machine.settle(Array(id.utf8), .es256, at: now)) }

        private static func text(_ answer: KeySetMachine.Answer) -> String {
            switch answer {
            case .keys(let keys): "keys \(keys.count)"
            case .refused(let reason): "refused \(reason.rawValue)"
            case .unavailable(let seconds): "unavailable \(seconds)"
            case .wait: "wait"
            }
        }
    }

    private static func set(_ ids: String...) throws -> KeySet {
        let keys = ids.map { #"{"kid":"\#($0)",\#(KeySetTests.point)}"# }.joined(separator: ",")
        return try KeySet(json: Array(#"{"keys":[\#(keys)]}"#.utf8), allowed: [.es256])
    }

    @Test("it is fetched at the start, once, and the tokens that wait are told when it comes")
    func start() throws {
        var line = Timeline()
        #expect(line.want("a", 1) == ("wait", [.fetch(1)]))
        #expect(line.want("a", 2) == ("wait", []))
        #expect(line.tick() == [])
        line.at(1)
        #expect(line.came(1, try Self.set("a")) == [.settle([1, 2])])
        #expect(line.settle("a") == "keys 1")
        #expect(line.settle("b") == "refused token_unknown_key")
        #expect(line.want("a") == ("keys 1", []))
    }

    @Test("it is fetched again before it is stale, with the old one serving meanwhile")
    func refresh() throws {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.came(1, try Self.set("a")) == [])
        line.at(539)
        #expect(line.tick() == [])
        line.at(540)
        #expect(line.tick() == [.fetch(2)])
        #expect(line.tick() == [])
        #expect(line.want("a") == ("keys 1", []))
        #expect(line.came(2, try Self.set("b"), fresh: 60) == [])
        #expect(line.settle("b") == "keys 1")
        line.at(594)
        #expect(line.tick() == [.fetch(3)])
    }

    @Test("unknown key ids cause two fetches in a minute, however many come")
    func unknown() throws {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.came(1, try Self.set("a"), fresh: 3600) == [])
        var fetches: [UInt64] = []
        var waiter: UInt64 = 0
        for second: UInt64 in 1..<61 {
            line.at(second)
            for _ in 0..<100 {
                waiter += 1
                let (answer, actions) = line.want("made-up \(waiter)", waiter)
                if actions.isEmpty {
                    #expect(answer == "refused token_unknown_key" || line.machine.isFetching)
                    continue
                }
                fetches.append(second)
                #expect(actions == [.fetch(UInt64(fetches.count + 1))])
                #expect(line.want("another", 1_000_000) == ("wait", []))
                #expect(
                    line.came(UInt64(fetches.count + 1), try Self.set("a"), fresh: 3600) == [
                        .settle([waiter, 1_000_000])
                    ])
            }
        }
        #expect(fetches == [1, 31])
        #expect(line.want("a") == ("keys 1", []))
    }

    @Test("a new key is found by the fetch that its id causes")
    func rotation() throws {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.came(1, try Self.set("old")) == [])
        line.at(2)
        #expect(line.want("new") == ("wait", [.fetch(2)]))
        #expect(line.came(2, try Self.set("old", "new")) == [.settle([1])])
        #expect(line.settle("new") == "keys 1")
    }

    @Test("while the issuer is away the last good set serves for an hour, and then nobody is judged")
    func away() throws {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.came(1, try Self.set("a")) == [])
        var tries: [UInt64] = []
        for second: UInt64 in 540..<3700 {
            line.at(second)
            for case .fetch(let number) in line.tick() {
                tries.append(second)
                #expect(line.came(number, nil) == [])
            }
            let answer = line.settle("a")
            #expect(second < 3600 ? answer == "keys 1" : answer.hasPrefix("unavailable"))
            // A token whose key may be new is not called bad.
            #expect(second < 540 || line.settle("b").hasPrefix("unavailable"))
            #expect(line.machine.isUsable(at: line.now) == (second < 3600))
        }
        #expect(tries.prefix(8) == [540, 541, 543, 547, 555, 571, 601, 631])
        #expect(zip(tries.dropFirst(6), tries.dropFirst(7)).allSatisfy { $1 - $0 == 30 })
        // It is back.
        line.at(3730)
        let actions = line.tick()
        guard case .fetch(let number)? = actions.first else { throw Missing() }
        #expect(line.came(number, try Self.set("a")) == [])
        #expect(line.want("a") == ("keys 1", []))
        #expect(line.settle("b") == "refused token_unknown_key")
    }

    @Test("with no set at all tokens wait for the fetch that runs, and are told when to come again after it failed")
    func never() {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.want("a", 7) == ("wait", []))
        #expect(line.came(1, nil) == [.settle([7])])
        #expect(line.settle("a") == "unavailable 1")
        #expect(line.want("a", 8) == ("unavailable 1", []))
        line.at(1)
        #expect(line.tick() == [.fetch(2)])
        #expect(line.came(2, nil) == [])
        #expect(line.want("a", 8) == ("unavailable 2", []))
        // A token that comes when a fetch is due does not wait for the clock.
        line.at(3)
        #expect(line.want("a", 9) == ("wait", [.fetch(3)]))
    }

    @Test("an unknown key id while the issuer is away asks again, but not each time")
    func unknownWhileAway() throws {
        var line = Timeline()
        #expect(line.tick() == [.fetch(1)])
        #expect(line.came(1, try Self.set("a")) == [])
        line.at(540)
        #expect(line.tick() == [.fetch(2)])
        #expect(line.came(2, nil) == [])
        #expect(line.want("b", 1) == ("wait", [.fetch(3)]))
        #expect(line.came(3, nil) == [.settle([1])])
        #expect(line.settle("b") == "unavailable 2")
        #expect(line.want("b", 2) == ("unavailable 2", []))
    }

    @Test("a wait ends after five seconds, and a fetch that never ends after fifteen")
    func hanging() throws {
        var line = Timeline()
        #expect(line.want("a", 1) == ("wait", [.fetch(1)]))
        line.at(3)
        #expect(line.want("a", 2) == ("wait", []))
        line.at(4)
        #expect(line.tick() == [])
        line.at(5)
        #expect(line.tick() == [.settle([1])])
        #expect(line.settle("a") == "unavailable 1")
        line.at(8)
        #expect(line.tick() == [.settle([2])])
        line.at(15)
        #expect(line.tick() == [])
        line.at(16)
        #expect(line.tick() == [.fetch(2)])
        // What comes too late is not looked at.
        #expect(line.came(1, try Self.set("a")) == [])
        #expect(line.machine.keys == nil)
        #expect(line.came(2, try Self.set("a")) == [])
        #expect(line.settle("a") == "keys 1")
    }

    @Test("no more wait than there is room for")
    func crowd() {
        var line = Timeline()
        for waiter in 1...UInt64(KeySetMachine.mostWaiters) { #expect(line.want("a", waiter).0 == "wait") }
        #expect(line.want("a", 9999) == ("refused verification_overloaded", []))
    }

    private struct Missing: Error {}
}
