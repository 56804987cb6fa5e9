/// A JSON object: members in the order in which they were written, each key once.
///
/// Looking a key up takes constant time however many members there are; from nine members on there is an index
/// for it. Keys are compared byte by byte (RFC 8259, section 8.3), so `é` written in two ways is two keys. Two objects
/// are equal if they have the same members, whatever their order.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One member of an object.
    public struct Member: Sendable, Equatable {
        /// The member's key.
        public let key: String
        /// The member's value.
        public internal(set) var value: JSONValue

        init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members, in order.
    public private(set) var members: [Member] = []

    /// Open addressing: a slot holds 0 or a member's position plus one. Empty while a plain search is faster.
    private var slots: [UInt32] = []

    private static let unindexedCount = 8

    /// An object without members.
    public init() {}

    /// An object of the members given; of equal keys the last one's value counts, in the first one's place.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }

    /// An object of members whose keys are known to differ. `hashes` are the keys' hashes in the same order.
    init(distinct members: [Member], hashes: [UInt32]) {
        self.members = members
        if members.count > Self.unindexedCount { buildIndex(hashes) }
    }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys, in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of a key, nil if there is none. Setting a new key appends it; setting nil removes the member, which
    /// takes time in proportion to the number of members.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            let position = position(of: key)
            switch (position, newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): append(Member(key: key, value: value))
            case (let position?, nil):
                members.remove(at: position)
                slots = []
                if members.count > Self.unindexedCount { buildIndex(members.map { Self.hash($0.key) }) }
            case (nil, nil): break
            }
        }
    }

    private mutating func append(_ member: Member) {
        members.append(member)
        if members.count <= Self.unindexedCount { return }
        if members.count * 2 > slots.count {
            buildIndex(members.map { Self.hash($0.key) })
        } else {
            insert(position: members.count - 1, hash: Self.hash(member.key))
        }
    }

    private func position(of key: String) -> Int? {
        if slots.isEmpty { return members.firstIndex { Self.isSame($0.key, key) } }
        let mask = slots.count - 1
        var slot = Int(Self.hash(key)) & mask
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if Self.isSame(members[position].key, key) { return position }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func buildIndex(_ hashes: [UInt32]) {
        var capacity = 32
        while capacity < members.count * 2 { capacity *= 2 }
        slots = [UInt32](repeating: 0, count: capacity)
        for (position, hash) in hashes.enumerated() { insert(position: position, hash: hash) }
    }

    private mutating func insert(position: Int, hash: UInt32) {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(position + 1)
    }

    private static func hash(_ key: String) -> UInt32 {
        var key = key
        return key.withUTF8 { KeyHash.shared($0) }
    }

    /// Swift's `==` on strings takes canonically equivalent ones as equal; JSON does not.
    static func isSame(_ one: String, _ other: String) -> Bool {
        one == other && one.utf8.elementsEqual(other.utf8)
    }

    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members in a way that does not depend on their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var inner = Hasher()
            inner.combine(member.key)
            inner.combine(member.value)
            sum ^= inner.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: RandomAccessCollection {
    /// The position of the first member.
    public var startIndex: Int { 0 }

    /// The position behind the last member.
    public var endIndex: Int { members.count }

    /// The member at a position from `startIndex` up to, not including, `endIndex`.
    public subscript(position: Int) -> Member { members[position] }
}
