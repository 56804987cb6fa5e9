extension JSONTape {
    /// The entries of an object's keys by their hashes: open addressing, 0 for a free slot.
    struct KeyTable {
        var slots: [UInt32]
    }

    private static let plainSearchCount = 32

    /// The entry of a member's value, nil if there is none of that key.
    @inline(__always)
    func value(of key: UnsafeBufferPointer<UInt8>, in object: Int) -> Int? {
        let end = entries[object].end
        let hint = entries[object].hint
        // Types are mostly decoded in the order in which they were written.
        let likely = hint == 0 ? object + 1 : next(after: hint + 1)
        if likely < end, isKey(key, at: likely) {
            entries[object].hint = likely
            return likely + 1
        }
        return search(key, in: object)
    }

    @inline(never)
    private func search(_ key: UnsafeBufferPointer<UInt8>, in object: Int) -> Int? {
        let end = entries[object].end
        let hint = entries[object].hint
        if hint != 0, isKey(key, at: hint) { return hint + 1 }
        if entries[object].count > Self.plainSearchCount { return searchTable(key, in: object) }
        var index = object + 1
        while index < end {
            if isKey(key, at: index) {
                entries[object].hint = index
                return index + 1
            }
            index = next(after: index + 1)
        }
        return nil
    }

    /// Without a table, decoding a large object in another order than its own would take quadratic time.
    private func searchTable(_ key: UnsafeBufferPointer<UInt8>, in object: Int) -> Int? {
        if keyTables[object] == nil { keyTables[object] = makeKeyTable(of: object) }
        guard let slots = keyTables[object]?.slots else { return nil }
        let mask = slots.count - 1
        var slot = Int(KeyHash.shared(key)) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot])
            if isKey(key, at: index) {
                entries[object].hint = index
                return index + 1
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func makeKeyTable(of object: Int) -> KeyTable {
        var capacity = 64
        while capacity < entries[object].count * 2 { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        forEachKey(of: object) { key in
            var slot = Int(entries[key].hash) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: key)
        }
        return KeyTable(slots: slots)
    }

    /// Whether the key at an entry has the bytes given.
    @inline(__always)
    func isKey(_ key: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard entries[index].length == key.count else { return false }
        // Safe: an empty key is equal to an empty key, so there is a first byte.
        guard let one = key.baseAddress, let other = text(at: index).baseAddress else { return true }
        return Self.isSame(one, other, count: key.count)
    }

    @inline(__always)
    static func isSame(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, count: Int) -> Bool {
        if count >= 8 {
            let (left, right) = (UnsafeRawPointer(one), UnsafeRawPointer(other))
            var position = 0
            while position + 8 < count {
                if left.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                    != right.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                {
                    return false
                }
                position += 8
            }
            return left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
                == right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        }
        for position in 0..<count where one[position] != other[position] { return false }
        return true
    }
}
