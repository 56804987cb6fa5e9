import JSONCoding

/// Names that are found by the hash that a document's keys carry already: open addressing, half full at most.
struct NameTable: Sendable {
    let names: [String]
    /// The position of a name plus one, 0 for a free slot.
    private let slots: FrozenTable<Int32>
    /// Where each name begins in `bytes`, and where the last one ends.
    private let offsets: FrozenTable<Int32>
    private let bytes: FrozenTable<UInt8>

    /// A table of distinct names; a repeated one is kept once, at its first position.
    init(_ list: [String]) {
        var capacity = 4
        while capacity < list.count * 2 { capacity *= 2 }
        var slots = [Int32](repeating: 0, count: capacity)
        var names: [[UInt8]] = []
        var texts: [String] = []
        for name in list {
            let bytes = Array(name.utf8)
            var slot = Int(bytes.withUnsafeBufferPointer { JSONDocument.hash($0) }) & (capacity - 1)
            while slots[slot] != 0, names[Int(slots[slot]) - 1] != bytes { slot = (slot + 1) & (capacity - 1) }
            guard slots[slot] == 0 else { continue }
            names.append(bytes)
            texts.append(name)
            slots[slot] = Int32(names.count)
        }
        self.names = texts
        self.slots = FrozenTable(slots)
        offsets = FrozenTable(names.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int32($1.count)) })
        bytes = FrozenTable(names.flatMap(\.self))
    }

    var count: Int { names.count }

    /// The table by its addresses: to look names up without touching a reference, while the table lives.
    struct View: @unchecked Sendable {  // what it points to is never written
        fileprivate let slots: UnsafePointer<Int32>
        fileprivate let mask: Int
        fileprivate let offsets: UnsafePointer<Int32>
        fileprivate let bytes: UnsafePointer<UInt8>
        let isEmpty: Bool

        /// The position of a name.
        @inline(__always)
        func position(of name: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int? {
            var slot = Int(hash) & mask
            while true {
                let entry = Int(slots[slot])
                if entry == 0 { return nil }
                let start = Int(offsets[entry - 1])
                if Int(offsets[entry]) - start == name.count, isSame(bytes + start, name) { return entry - 1 }
                slot = (slot + 1) & mask
            }
        }

        @inline(__always)
        private func isSame(_ own: UnsafePointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
            for index in 0..<name.count where own[index] != name[index] { return false }
            return true
        }
    }

    var view: View {
        View(
            slots: slots.base, mask: slots.count - 1, offsets: offsets.base, bytes: bytes.base,
            isEmpty: names.isEmpty)
    }

    /// The position of a name whose hash is not known.
    func position(of name: String) -> Int? {
        name.withBytes { view.position(of: $0, hash: JSONDocument.hash($0)) }
    }
}
