/// The sender's view of memory that it shares with the receiver: which bytes of it the receiver may still read.
///
/// What is added lies in one piece, behind what was added before; what was added first is given back first. Once all is
/// given back it begins at its start again: a link that is not full uses the same few pages, which the processor's caches
/// hold.
/// What does not fit behind the others in one piece may go before them, and leaves a gap at the end of less than half of the
/// memory: there is room again, at the latest, when the receiver gives back half of it, which it never keeps to itself.
///
/// `@unchecked Sendable`: the memory is written by the owner of the link alone, who outlives it.
struct BodyRing: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    /// Where the oldest byte is that is not given back.
    private var head = 0
    /// Where the next one goes.
    private var tail = 0
    /// Where the bytes end that lie at and behind `head`, when newer ones lie before it; else nil.
    private var top: Int?
    /// How many bytes are not given back.
    private(set) var used = 0

    /// All of `memory`, nothing of it used.
    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    /// How many of `wanted` bytes can be added as one piece.
    func room(for wanted: Int) -> Int {
        if top != nil { return min(wanted, head - tail) }
        let behind = memory.count - tail
        return wanted <= behind ? wanted : min(wanted, max(behind, head))
    }

    /// Adds bytes, no more than there is room for; where they begin.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> Int {
        if top == nil, bytes.count > memory.count - tail {
            top = tail
            tail = 0
        }
        let place = tail
        UnsafeMutableRawBufferPointer(rebasing: memory[place..<(place + bytes.count)]).copyMemory(from: bytes)
        tail += bytes.count
        used += bytes.count
        return place
    }

    /// The receiver is done with the `count` oldest bytes.
    mutating func giveBack(_ count: Int) {
        used -= count
        if let end = top, count >= end - head {
            head = count - (end - head)
            top = nil
        } else {
            head += count
        }
        if used == 0 {
            head = 0
            tail = 0
            top = nil
        }
    }
}
