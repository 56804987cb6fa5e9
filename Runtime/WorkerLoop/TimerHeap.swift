/// What is to happen at which time, the earliest first, and in order of insertion at equal times.
///
/// A binary heap whose elements know their places, so that a cancelled entry leaves at once: a deadline for
/// each request, nearly always cancelled, must not pile up until it would have passed. Insertion,
/// cancellation and removal take O(log n), and allocate only while the heap grows beyond its largest size.
struct TimerHeap<Work> {
    /// Names one entry; never equal for two entries until 2^32 have used the same slot.
    struct ID: Hashable {
        var slot: UInt32
        var generation: UInt32
    }

    private struct Node {
        var deadline: LoopInstant
        var sequence: UInt64
        var slot: Int

        func precedes(_ other: Node) -> Bool {
            deadline == other.deadline ? sequence < other.sequence : deadline < other.deadline
        }
    }

    private struct Slot {
        var generation: UInt32
        /// The index of this slot's node; -1 while the slot is free.
        var position: Int
        var work: Work?
    }

    private var nodes: [Node] = []
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var lastSequence: UInt64 = 0

    var count: Int { nodes.count }
    var isEmpty: Bool { nodes.isEmpty }

    /// The earliest entry's time.
    var nextDeadline: LoopInstant? { nodes.first?.deadline }

    mutating func insert(_ work: Work, at deadline: LoopInstant) -> ID {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = slots.count
            slots.append(Slot(generation: 0, position: -1, work: nil))
        }
        lastSequence &+= 1
        slots[slot].work = work
        slots[slot].position = nodes.count
        nodes.append(Node(deadline: deadline, sequence: lastSequence, slot: slot))
        moveUp(from: nodes.count - 1)
        return ID(slot: UInt32(truncatingIfNeeded: slot), generation: slots[slot].generation)
    }

    /// Takes the entry out; nil when it has been taken or cancelled before.
    @discardableResult
    mutating func cancel(_ id: ID) -> Work? {
        let slot = Int(id.slot)
        guard slot < slots.count, slots[slot].generation == id.generation, slots[slot].position >= 0 else {
            return nil
        }
        return remove(at: slots[slot].position)
    }

    /// Takes out the earliest entry if its time is not after `now`.
    mutating func popDue(at now: LoopInstant) -> Work? {
        guard let first = nodes.first, first.deadline <= now else { return nil }
        return remove(at: 0)
    }

    private mutating func remove(at index: Int) -> Work? {
        let slot = nodes[index].slot
        let last = nodes.removeLast()
        if index < nodes.count {
            nodes[index] = last
            slots[last.slot].position = index
            moveUp(from: index)
            moveDown(from: slots[last.slot].position)
        }
        let work = slots[slot].work
        slots[slot].work = nil
        slots[slot].position = -1
        slots[slot].generation &+= 1
        freeSlots.append(slot)
        return work
    }

    private mutating func moveUp(from start: Int) {
        var index = start
        let node = nodes[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard node.precedes(nodes[parent]) else { break }
            place(nodes[parent], at: index)
            index = parent
        }
        place(node, at: index)
    }

    private mutating func moveDown(from start: Int) {
        var index = start
        let node = nodes[index]
        while true {
            var child = 2 * index + 1
            guard child < nodes.count else { break }
            if child + 1 < nodes.count, nodes[child + 1].precedes(nodes[child]) { child += 1 }
            guard nodes[child].precedes(node) else { break }
            place(nodes[child], at: index)
            index = child
        }
        place(node, at: index)
    }

    private mutating func place(_ node: Node, at index: Int) {
        nodes[index] = node
        slots[node.slot].position = index
    }
}
