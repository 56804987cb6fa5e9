/// An order of small numbers with constant-time insertion at either end and removal from anywhere.
///
/// Links are kept in two dense arrays indexed by the numbers themselves; a number is in the order at most once.
struct LinkedOrder: Sendable {
    private static let none: Int32 = -1
    private static let absent: Int32 = -2
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var head = LinkedOrder.none
    private var tail = LinkedOrder.none
    /// How many numbers are in it.
    private(set) var count = 0

    /// Whether it is empty.
    var isEmpty: Bool { count == 0 }

    /// The first number; nil when it is empty.
    var first: Int? { head < 0 ? nil : Int(head) }

    /// Whether the number is in it.
    func contains(_ index: Int) -> Bool { index < next.count && next[index] != LinkedOrder.absent }

    /// Adds a number at the end; nothing happens if it is in already.
    mutating func append(_ index: Int) {
        guard !contains(index) else { return }
        makeRoom(index)
        next[index] = LinkedOrder.none
        previous[index] = tail
        if tail >= 0 { next[Int(tail)] = Int32(index) } else { head = Int32(index) }
        tail = Int32(index)
        count += 1
    }

    /// Takes a number out; nothing happens if it is not in.
    mutating func remove(_ index: Int) {
        guard contains(index) else { return }
        let after = next[index]
        let before = previous[index]
        if before >= 0 { next[Int(before)] = after } else { head = after }
        if after >= 0 { previous[Int(after)] = before } else { tail = before }
        next[index] = LinkedOrder.absent
        previous[index] = LinkedOrder.absent
        count -= 1
    }

    private mutating func makeRoom(_ index: Int) {
        while next.count <= index {
            next.append(LinkedOrder.absent)
            previous.append(LinkedOrder.absent)
        }
    }
}
