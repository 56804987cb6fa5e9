import Synchronization

/// The epochs of resources: a fixed number of counts, over which a keyed hash spreads however many paths there are.
///
/// Two resources that meet in one place drop each other's answers, one pair in 32,768: an answer is then made once more,
/// and never a wrong one given. 128 KiB. `@unchecked Sendable`: the place is made once, and everything in it is atomic.
final class ResourceEpochs: @unchecked Sendable {
    private static let count = 1 << 15
    private let counts: UnsafeMutablePointer<Atomic<UInt32>>
    private let key: HashKey

    init(key: HashKey) {
        self.key = key
        counts = .allocate(capacity: Self.count)
        for index in 0..<Self.count { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counts.deinitialize(count: Self.count)
        counts.deallocate()
    }

    /// Where the epoch of a resource is.
    ///
    /// - Parameter resource: the path behind prefix and version.
    func place(of resource: UnsafeRawBufferPointer) -> Int {
        Int(truncatingIfNeeded: FoldedHash.hash64(resource, key: key) & UInt64(Self.count - 1))
    }

    func value(at place: Int) -> UInt32 {
        guard place >= 0, place < Self.count else { return 0 }
        return counts[place].load(ordering: .acquiring)
    }

    func advance(at place: Int) {
        guard place >= 0, place < Self.count else { return }
        counts[place].wrappingAdd(1, ordering: .releasing)
    }
}
