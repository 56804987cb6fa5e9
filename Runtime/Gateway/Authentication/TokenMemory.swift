/// The tokens that were found good, each until it expires, so that a repeated caller costs no signature check.
///
/// It is one event loop's own and has no lock. Tokens are compared byte by byte. What was refused is not remembered:
/// most of it is refused without a signature check, and it could only push good tokens out. The room is bounded: four
/// places for each value of a part of the hash, of which the one not used for longest goes first.
struct TokenMemory {
    private static let ways = 4

    private let sets: Int
    private let byteLimit: Int
    private let hash: TokenHash
    /// 0 is a free place.
    private var hashes: [UInt64] = []
    private var tokens: [[UInt8]] = []
    private var identities: [Identity?] = []
    private var uses: [UInt64] = []
    private var time: UInt64 = 0
    /// Where the next place is freed when the bytes are used up.
    private var hand = 0
    /// Which key set the tokens were verified by.
    private var epoch: UInt64 = 0
    /// How many tokens are remembered.
    private(set) var count = 0
    /// How many bytes they have together.
    private(set) var bytes = 0

    /// A memory for `entries` tokens, rounded up to a power of two, of `bytes` together; nothing is allocated before
    /// the first.
    init(entries: Int = 4096, bytes: Int = 4 << 20, hash: TokenHash = TokenHash()) {
        var sets = 1
        while sets * Self.ways < min(entries, 1 << 20) { sets *= 2 }
        self.sets = sets
        byteLimit = bytes
        self.hash = hash
    }

    /// Whose token this is; nil for one that is not remembered or has expired, which is then forgotten.
    mutating func find(_ token: UnsafeRawBufferPointer, unixMilliseconds: UInt64) -> Identity? {
        guard count > 0 else { return nil }
        let wanted = hash(token)
        guard let place = place(of: token, wanted) else { return nil }
        guard let identity = identities[place], unixMilliseconds < identity.expires else {
            free(place)
            return nil
        }
        time &+= 1
        uses[place] = time
        return identity
    }

    /// Remembers a token that has been verified; one of more than a sixteenth of the room is not kept.
    mutating func store(_ token: [UInt8], _ identity: Identity) {
        guard token.count <= byteLimit / 16 else { return }
        if hashes.isEmpty { allocate() }
        let wanted = token.withUnsafeBytes { hash($0) }
        let first = first(wanted)
        var place = token.withUnsafeBytes { self.place(of: $0, wanted) }
        if place == nil {
            place = (first..<first + Self.ways).min { uses[$0] < uses[$1] }
        }
        guard let place else { return }
        free(place)
        while bytes + token.count > byteLimit {
            free(hand)
            hand = (hand + 1) & (hashes.count - 1)
        }
        time &+= 1
        hashes[place] = wanted
        tokens[place] = token
        identities[place] = identity
        uses[place] = time
        count += 1
        bytes += token.count
    }

    /// Forgets everything where the key set is not the one that the tokens were verified by.
    @inline(__always)
    mutating func keepOnly(epoch now: UInt64) {
        if now != epoch { forget(epoch: now) }
    }

    private mutating func forget(epoch now: UInt64) {
        epoch = now
        for place in hashes.indices { free(place) }
    }

    private mutating func allocate() {
        let places = sets * Self.ways
        hashes = [UInt64](repeating: 0, count: places)
        tokens = [[UInt8]](repeating: [], count: places)
        identities = [Identity?](repeating: nil, count: places)
        uses = [UInt64](repeating: 0, count: places)
    }

    private func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 1) & (sets - 1) &* Self.ways }

    private func place(of token: UnsafeRawBufferPointer, _ wanted: UInt64) -> Int? {
        let first = first(wanted)
        for place in first..<first + Self.ways where hashes[place] == wanted && isToken(token, at: place) {
            return place
        }
        return nil
    }

    private func isToken(_ token: UnsafeRawBufferPointer, at place: Int) -> Bool {
        tokens[place].withUnsafeBytes { $0.count == token.count && $0.isSame(as: token) }
    }

    private mutating func free(_ place: Int) {
        guard hashes[place] != 0 else { return }
        count -= 1
        bytes -= tokens[place].count
        hashes[place] = 0
        tokens[place] = []
        identities[place] = nil
        uses[place] = 0
    }
}
