/// Who asks the handler for a key, and who waits for that answer: pure, without the answers themselves.
///
/// One flight a key and stamp: its leader asks, the others wait. It leaves by `end`:
/// - answered: all who wait get the answer;
/// - refused (an answer that cannot be kept): each who waits asks for itself;
/// - failed (an error, no answer in time): the first who waits leads on, since one failure is no reason to ask a hundred
///   times at once. Who has waited for as long as it can shares the failure;
/// - left (the leader's client is gone): the first who waits leads on, however long it has waited.
///
/// When a write drops the key, requests that come later begin another flight; who came before still gets the old one's.
struct SingleFlight {
    /// One flight.
    struct FlightID: Hashable, Sendable {
        let number: UInt64
    }
    /// One who waits.
    struct WaiterID: Hashable, Sendable {
        let number: UInt64
    }
    /// What a request is to do.
    enum Joining: Equatable {
        case lead(FlightID)
        case wait(FlightID, WaiterID)
        /// Ask, and tell nobody.
        case alone
    }
    /// How a flight came to its end.
    enum Ending: Equatable {
        case answered
        case refused
        case failed
        case left
    }
    /// Who hears what of an end.
    struct Release: Equatable {
        /// Leads the same flight on.
        var leader: WaiterID?
        /// Gets the answer, or the failure, where there is one, else asks for itself; in the order of coming.
        var released: [WaiterID] = []
    }

    private struct Waiter {
        let id: WaiterID
        /// Until when it waits for one more leader.
        let until: UInt64
    }
    private struct Flight {
        let hash: UInt64
        let key: [UInt8]
        var stamp: CacheStamp
        var waiters: [Waiter] = []
    }

    /// The most who wait for one flight; others ask for themselves.
    let limit: Int
    private var flights: [FlightID: Flight] = [:]
    /// The flight that a request of this hash joins.
    private var current: [UInt64: FlightID] = [:]
    private var number: UInt64 = 0

    init(limit: Int = 4096) { self.limit = limit }

    /// How many flights there are.
    var count: Int { flights.count }

    /// A request for a key that is not kept.
    ///
    /// - Parameter until: when it no longer waits for another leader, should one fail; nanoseconds.
    mutating func join(_ key: CacheKey, _ stamp: CacheStamp, until: UInt64) -> Joining {
        if let id = current[key.hash], let flight = flights[id] {
            guard key.isBytes(flight.key) else { return .alone }
            if flight.stamp == stamp {
                guard flight.waiters.count < limit else { return .alone }
                let waiter = WaiterID(number: next())
                flights[id]?.waiters.append(Waiter(id: waiter, until: until))
                return .wait(id, waiter)
            }
        }
        let id = FlightID(number: next())
        flights[id] = Flight(hash: key.hash, key: key.bytes, stamp: stamp)
        current[key.hash] = id
        return .lead(id)
    }

    /// The leader is done. An unknown flight has ended before: nobody hears anything.
    ///
    /// - Parameter stamp: the present one, by which the next leader asks.
    mutating func end(_ id: FlightID, _ ending: Ending, _ stamp: CacheStamp, now: UInt64) -> Release {
        guard var flight = flights.removeValue(forKey: id) else { return Release() }
        var release = Release()
        let isPatient = { (waiter: Waiter) in ending == .left || now < waiter.until }
        if ending == .failed || ending == .left, let first = flight.waiters.firstIndex(where: isPatient) {
            release.leader = flight.waiters[first].id
            release.released = flight.waiters.filter { !isPatient($0) }.map(\.id)
            flight.waiters = flight.waiters[(first + 1)...].filter(isPatient)
            flight.stamp = stamp
            flights[id] = flight
            return release
        }
        if current[flight.hash] == id { current[flight.hash] = nil }
        release.released = flight.waiters.map(\.id)
        return release
    }

    /// One who waits goes away; false where it has been released before.
    mutating func leave(_ waiter: WaiterID, _ id: FlightID) -> Bool {
        guard let index = flights[id]?.waiters.firstIndex(where: { $0.id == waiter }) else { return false }
        flights[id]?.waiters.remove(at: index)
        return true
    }

    private mutating func next() -> UInt64 {
        number &+= 1
        return number
    }
}
