/// Kept answers within a number of bytes: what was not asked for longest goes first.
///
/// Pure: the time comes in. One answer a hash; in the one case in 2^64 where two keys share one, they displace each other.
struct ResponseStore {
    /// What is known of a key.
    enum Finding {
        /// A fresh answer.
        case answer(CachedResponse)
        /// The handler's answers to it could not be kept lately: there is no use in waiting for one.
        case refused
        case nothing
    }

    private struct Node {
        var hash: UInt64
        var key: [UInt8]
        var stamp: CacheStamp
        /// Nil: the mark of an answer that could not be kept.
        var answer: CachedResponse?
        /// When a mark ends.
        var end: UInt64
        var cost: Int
        /// Towards what was used more lately; -1 at the end. A free place's next one.
        var newer: Int
        var older: Int
    }

    /// The most bytes.
    let capacity: Int
    /// The most bytes of one answer.
    let limit: Int
    /// Bytes at present.
    private(set) var bytes = 0
    private var places: [UInt64: Int] = [:]
    private var nodes: [Node] = []
    private var free = -1
    private var newest = -1
    private var oldest = -1

    init(capacity: Int, limit: Int) {
        self.capacity = max(0, capacity)
        self.limit = max(0, limit)
    }

    /// How many answers and marks there are.
    var count: Int { places.count }

    /// What is known of a key; what is no longer good is taken out.
    mutating func find(_ key: borrowing CacheKey, _ stamp: CacheStamp, now: UInt64) -> Finding {
        guard let place = places[key.hash] else { return .nothing }
        guard key.isBytes(nodes[place].key) else { return .nothing }
        if nodes[place].stamp == stamp {
            if let answer = nodes[place].answer {
                if answer.isFresh(at: now) {
                    touch(place)
                    return .answer(answer)
                }
            } else if now < nodes[place].end {
                return .refused
            }
        }
        remove(place)
        return .nothing
    }

    /// Keeps an answer in place of an older one; false where it is too large.
    mutating func store(_ answer: CachedResponse, _ key: CacheKey, _ stamp: CacheStamp) -> Bool {
        if let place = places[key.hash] { remove(place) }
        let cost = answer.cost + key.bytes.capacity + Self.overhead
        guard cost <= limit, cost <= capacity else { return false }
        add(
            Node(
                hash: key.hash, key: key.bytes, stamp: stamp, answer: answer, end: 0, cost: cost, newer: -1, older: -1))
        return true
    }

    /// Remembers until `end` that answers to this key cannot be kept.
    mutating func refuse(_ key: CacheKey, _ stamp: CacheStamp, until end: UInt64) {
        if let place = places[key.hash] { remove(place) }
        let cost = key.bytes.capacity + Self.overhead
        guard cost <= limit, cost <= capacity else { return }
        add(Node(hash: key.hash, key: key.bytes, stamp: stamp, answer: nil, end: end, cost: cost, newer: -1, older: -1))
    }

    /// Forgets everything.
    mutating func removeAll() { self = ResponseStore(capacity: capacity, limit: limit) }

    /// A node, its place in the table, and the key's array, in bytes.
    private static let overhead = 224

    private mutating func add(_ node: Node) {
        while bytes + node.cost > capacity, oldest >= 0 { remove(oldest) }
        let place: Int
        if free >= 0 {
            place = free
            free = nodes[place].newer
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[node.hash] = place
        bytes += node.cost
        link(place)
    }

    private mutating func remove(_ place: Int) {
        unlink(place)
        places[nodes[place].hash] = nil
        bytes -= nodes[place].cost
        nodes[place].answer = nil
        nodes[place].key = []
        nodes[place].newer = free
        free = place
    }

    private mutating func touch(_ place: Int) {
        guard newest != place else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        nodes[place].newer = -1
        nodes[place].older = newest
        if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }
}
