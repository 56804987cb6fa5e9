extension TapeBuilder {
    /// Up to here, comparing the hashes of all pairs is faster than a table.
    private static let pairwiseCount = 16

    /// Refuses a key that an object has twice, or hides all but the last if the limits allow it.
    mutating func checkKeys(of object: Int, end: Int) throws(SyntaxFault) {
        if entries[object].count <= Self.pairwiseCount {
            try checkPairs(of: object, end: end)
        } else {
            try checkTable(of: object, end: end)
        }
    }

    private mutating func checkPairs(of object: Int, end: Int) throws(SyntaxFault) {
        var hashes = InlineArray<16, UInt32>(repeating: 0)
        var keys = InlineArray<16, UInt32>(repeating: 0)
        var seen = 0
        var key = object + 1
        while key < end {
            let hash = entries[key].hash
            for earlier in 0..<seen where hashes[earlier] == hash && isSame(Int(keys[earlier]), key) {
                try foundTwice(key, hiding: Int(keys[earlier]), in: object)
            }
            hashes[seen] = hash
            keys[seen] = UInt32(truncatingIfNeeded: key)
            seen += 1
            key = next(after: key + 1)
        }
    }

    private mutating func checkTable(of object: Int, end: Int) throws(SyntaxFault) {
        var capacity = 64
        while capacity < entries[object].count * 2 { capacity *= 2 }
        // A slot holds hash and entry, so that the wrong ones are passed without a look at the tape.
        if keySlots.count < capacity {
            keySlots = [UInt64](repeating: 0, count: capacity)
        } else {
            for slot in 0..<capacity { keySlots[slot] = 0 }
        }
        let mask = capacity - 1
        var key = object + 1
        while key < end {
            let hash = entries[key].hash
            let mark = UInt64(hash) << 32 | UInt64(key)
            var slot = Int(hash) & mask
            while keySlots[slot] != 0 {
                let earlier = Int(keySlots[slot] & 0xFFFF_FFFF)
                if keySlots[slot] >> 32 == UInt64(hash), isSame(earlier, key) {
                    try foundTwice(key, hiding: earlier, in: object)
                    break
                }
                slot = (slot + 1) & mask
            }
            keySlots[slot] = mark
            key = next(after: key + 1)
        }
    }

    private mutating func foundTwice(_ key: Int, hiding earlier: Int, in object: Int) throws(SyntaxFault) {
        guard tape.options.limits.allowsDoubledKeys else {
            doubledKey = key
            // The place of a key with escapes is not kept.
            let isPlaced = !entries[key].flags.contains(.inArena)
            throw SyntaxFault(reason: .doubledKey, offset: isPlaced ? entries[key].start - 1 : nil)
        }
        entries[earlier].hide()
        entries[object].count -= 1
    }

    private func isSame(_ one: Int, _ other: Int) -> Bool {
        entries[one].length == entries[other].length && tape.isKey(tape.text(at: one), at: other)
    }

    private func next(after index: Int) -> Int {
        entries[index].isContainer ? entries[index].end : index + 1
    }
}
