import Testing

@testable import Gateway

@Suite("One flight a key")
struct SingleFlightTests {
    private static let epoch = CacheEpoch()
    private static let now = CacheStamp()
    private static let later = CacheStamp(function: 1)
    private static func key(_ number: UInt8) -> CacheKey {
        CacheKey(bytes: [number], hash: UInt64(number), resource: 0, function: epoch)
    }
    private static func flight(_ number: UInt64) -> SingleFlight.FlightID { .init(number: number) }
    private static func waiter(_ number: UInt64) -> SingleFlight.WaiterID { .init(number: number) }

    /// The machine behind a reference, so that expectations may change it.
    private final class Flights {
        var machine: SingleFlight
        init(limit: Int = 4096) { machine = SingleFlight(limit: limit) }
        var count: Int { machine.count }
        func join(_ key: CacheKey, _ stamp: CacheStamp, until: UInt64) -> SingleFlight.Joining {
            machine.join(key, stamp, until: until)
        }
        func end(
            _ flight: SingleFlight.FlightID, _ ending: SingleFlight.Ending, _ stamp: CacheStamp, now: UInt64
        ) -> SingleFlight.Release {
            machine.end(flight, ending, stamp, now: now)
        }
        func leave(_ waiter: SingleFlight.WaiterID, _ flight: SingleFlight.FlightID) -> Bool {
            machine.leave(waiter, flight)
        }
    }

    /// A flight 1 with the waiters 2, 3 and 4, who wait for another leader until 10, 20 and 30.
    private static func crowd() -> Flights {
        let flights = Flights()
        #expect(flights.join(key(1), now, until: 5) == .lead(flight(1)))
        for (number, until) in [(2, 10), (3, 20), (4, 30)] as [(UInt64, UInt64)] {
            #expect(flights.join(key(1), now, until: until) == .wait(flight(1), waiter(number)))
        }
        return flights
    }

    @Test("the first leads, the others wait and get the answer in the order of coming")
    func answered() {
        let flights = Self.crowd()
        #expect(
            flights.end(Self.flight(1), .answered, Self.now, now: 1)
                == .init(leader: nil, released: [Self.waiter(2), Self.waiter(3), Self.waiter(4)]))
        #expect(flights.count == 0)
        #expect(flights.join(Self.key(1), Self.now, until: 0) == .lead(Self.flight(5)))
    }

    @Test("other keys fly by themselves")
    func keys() {
        let flights = Self.crowd()
        #expect(flights.join(Self.key(2), Self.now, until: 9) == .lead(Self.flight(5)))
        #expect(flights.end(Self.flight(5), .answered, Self.now, now: 1) == .init())
        #expect(flights.count == 1)
    }

    @Test("after an answer that cannot be kept each asks for itself")
    func refused() {
        let flights = Self.crowd()
        #expect(
            flights.end(Self.flight(1), .refused, Self.now, now: 1)
                == .init(leader: nil, released: [Self.waiter(2), Self.waiter(3), Self.waiter(4)]))
        #expect(flights.count == 0)
    }

    @Test("after a failure one leads on and the others wait; newcomers join them")
    func failed() {
        let flights = Self.crowd()
        #expect(
            flights.end(Self.flight(1), .failed, Self.now, now: 1) == .init(leader: Self.waiter(2), released: []))
        #expect(flights.join(Self.key(1), Self.now, until: 40) == .wait(Self.flight(1), Self.waiter(5)))
        #expect(
            flights.end(Self.flight(1), .failed, Self.now, now: 2) == .init(leader: Self.waiter(3), released: []))
        #expect(
            flights.end(Self.flight(1), .answered, Self.now, now: 3)
                == .init(leader: nil, released: [Self.waiter(4), Self.waiter(5)]))
        #expect(flights.count == 0)
    }

    @Test("who has waited long enough when a leader fails is let go")
    func patience() {
        let flights = Self.crowd()
        #expect(
            flights.end(Self.flight(1), .failed, Self.now, now: 10)
                == .init(leader: Self.waiter(3), released: [Self.waiter(2)]))
        #expect(
            flights.end(Self.flight(1), .failed, Self.now, now: 30)
                == .init(leader: nil, released: [Self.waiter(4)]))
        #expect(flights.count == 0)
    }

    @Test("when the leader's client is gone the first who waits leads on, however long it has waited")
    func left() {
        let flights = Self.crowd()
        #expect(flights.end(Self.flight(1), .left, Self.now, now: 100) == .init(leader: Self.waiter(2), released: []))
        #expect(flights.end(Self.flight(1), .left, Self.now, now: 100) == .init(leader: Self.waiter(3), released: []))
        #expect(
            flights.end(Self.flight(1), .answered, Self.now, now: 100)
                == .init(leader: nil, released: [Self.waiter(4)]))
        #expect(flights.end(Self.flight(1), .left, Self.now, now: 100) == .init())
        #expect(flights.count == 0)
    }

    @Test("who goes away neither leads nor is told")
    func leaving() {
        let flights = Self.crowd()
        #expect(flights.leave(Self.waiter(2), Self.flight(1)))
        #expect(!flights.leave(Self.waiter(2), Self.flight(1)))
        #expect(!flights.leave(Self.waiter(3), Self.flight(9)))
        #expect(
            flights.end(Self.flight(1), .failed, Self.now, now: 1) == .init(leader: Self.waiter(3), released: []))
        #expect(!flights.leave(Self.waiter(3), Self.flight(1)))
        #expect(
            flights.end(Self.flight(1), .answered, Self.now, now: 1)
                == .init(leader: nil, released: [Self.waiter(4)]))
    }

    @Test("a failure that nobody waits for leaves nothing behind")
    func alone() {
        let flights = Flights()
        #expect(flights.join(Self.key(1), Self.now, until: 5) == .lead(Self.flight(1)))
        #expect(flights.end(Self.flight(1), .failed, Self.now, now: 1) == .init())
        #expect(flights.end(Self.flight(1), .failed, Self.now, now: 1) == .init())
        #expect(flights.count == 0)
    }

    @Test("after a write another flight begins, and each waiter hears from its own")
    func overtaken() {
        let flights = Self.crowd()
        #expect(flights.join(Self.key(1), Self.later, until: 50) == .lead(Self.flight(5)))
        #expect(flights.join(Self.key(1), Self.later, until: 50) == .wait(Self.flight(5), Self.waiter(6)))
        // The older one's end does not end the newer one.
        #expect(flights.end(Self.flight(1), .answered, Self.later, now: 1).released.count == 3)
        #expect(flights.join(Self.key(1), Self.later, until: 50) == .wait(Self.flight(5), Self.waiter(7)))
        #expect(
            flights.end(Self.flight(5), .answered, Self.later, now: 1).released == [Self.waiter(6), Self.waiter(7)])
        #expect(flights.count == 0)
    }

    @Test("another key with the same hash asks for itself, and so does one too many")
    func limits() {
        let flights = Flights(limit: 1)
        #expect(flights.join(Self.key(1), Self.now, until: 5) == .lead(Self.flight(1)))
        let other = CacheKey(bytes: [9], hash: 1, resource: 0, function: Self.epoch)
        #expect(flights.join(other, Self.now, until: 5) == .alone)
        #expect(flights.join(Self.key(1), Self.now, until: 5) == .wait(Self.flight(1), Self.waiter(2)))
        #expect(flights.join(Self.key(1), Self.now, until: 5) == .alone)
    }

    @Test("whatever happens in whatever order, everybody hears exactly once and nothing is left")
    func random() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            let flights = Flights()
            var leading: [SingleFlight.FlightID] = []
            var waiting: [SingleFlight.WaiterID: SingleFlight.FlightID] = [:]
            func end(_ flight: SingleFlight.FlightID, _ ending: SingleFlight.Ending, _ now: UInt64) {
                let release = flights.end(flight, ending, Self.now, now: now)
                for id in release.released { #expect(waiting.removeValue(forKey: id) == flight) }
                guard let leader = release.leader else { return }
                #expect(waiting.removeValue(forKey: leader) == flight)
                leading.append(flight)
            }
            for now in 0..<200 as Range<UInt64> {
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    let stamp = CacheStamp(function: UInt32(now / 50))
                    switch flights.join(
                        Self.key(UInt8.random(in: 0..<3, using: &random)), stamp,
                        until: now + UInt64.random(in: 0..<40, using: &random))
                    {
                    case .lead(let flight): leading.append(flight)
                    case .wait(let flight, let waiter): waiting[waiter] = flight
                    case .alone: Issue.record("nobody asks alone here")
                    }
                case 2:
                    guard let index = leading.indices.randomElement(using: &random) else { break }
                    let endings: [SingleFlight.Ending] = [.answered, .refused, .failed, .failed]
                    let ending = endings.randomElement(using: &random)
                    end(leading.remove(at: index), ending ?? .failed, now)
                default:
                    guard let gone = waiting.keys.sorted(by: { $0.number < $1.number }).first else { break }
                    if let flight = waiting.removeValue(forKey: gone) { #expect(flights.leave(gone, flight)) }
                }
                #expect(flights.count == leading.count)
            }
            while let flight = leading.popLast() { end(flight, .failed, 0) }
            #expect(waiting.isEmpty && flights.count == 0)
        }
    }
}
