import JSONCoding

/// Comparing the values of one document with each other.
struct ValueComparison {
    let document: JSONDocument

    /// Whether two elements of an array are the same JSON value; by hash where there are more than a few.
    func hasDoubles(_ entry: Int) -> Bool {
        let count = document.count(of: entry)
        guard count > 1 else { return false }
        let end = document.end(of: entry)
        if count <= 8 { return hasDoublesAmongFew(entry, end) }
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        // A slot holds hash and entry; no element is the root, whose entry is 0.
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { slots in
            slots.initialize(repeating: 0)
            let mask = capacity - 1
            var element = entry + 1
            while element < end {
                let hash = hash(of: element)
                var slot = Int(hash) & mask
                while slots[slot] != 0 {
                    if slots[slot] >> 32 == UInt64(hash), isSame(Int(slots[slot] & 0xFFFF_FFFF), element) {
                        return true
                    }
                    slot = (slot + 1) & mask
                }
                slots[slot] = UInt64(hash) << 32 | UInt64(truncatingIfNeeded: element)
                element = document.next(after: element)
            }
            return false
        }
    }

    private func hasDoublesAmongFew(_ entry: Int, _ end: Int) -> Bool {
        var one = entry + 1
        while one < end {
            var other = document.next(after: one)
            while other < end {
                if isSame(one, other) { return true }
                other = document.next(after: other)
            }
            one = document.next(after: one)
        }
        return false
    }

    /// A hash that equal values share, however they are written. It is built on the seeded hash of keys, so that nobody
    /// can send values that are known to collide.
    private func hash(of entry: Int) -> UInt32 {
        let kind = document.kind(of: entry)
        switch kind {
        case .null, .true, .false: return UInt32(kind.rawValue)
        case .string: return JSONDocument.hash(document.text(of: entry))
        case .number: return numberHash(entry)
        case .array:
            var sum: UInt64 = 0x5B
            var element = entry + 1
            while element < document.end(of: entry) {
                sum = ValueComparison.mix(sum, hash(of: element))
                element = document.next(after: element)
            }
            return UInt32(truncatingIfNeeded: sum >> 32)
        case .object:
            var sum: UInt64 = 0x7B
            var key = entry + 1
            while key < document.end(of: entry) {
                // The order of members does not count.
                sum &+= ValueComparison.mix(UInt64(document.keyHash(of: key)) << 32, hash(of: key + 1))
                key = document.next(after: key + 1)
            }
            return UInt32(truncatingIfNeeded: sum >> 32)
        }
    }

    private static func mix(_ sum: UInt64, _ next: UInt32) -> UInt64 {
        let product = (sum ^ UInt64(next)).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private func numberHash(_ entry: Int) -> UInt32 {
        let text = document.text(of: entry)
        if document.isPlainWhole(entry), text.count <= 18, text.first != UInt8(ascii: "-") {
            return JSONDocument.hash(text)
        }
        let number = document.number(of: entry)
        if let whole = number.int64 { return String(whole).withBytes { JSONDocument.hash($0) } }
        return UInt32(truncatingIfNeeded: number.hashValue)
    }

    private func isSame(_ one: Int, _ other: Int) -> Bool {
        let kind = document.kind(of: one)
        guard kind == document.kind(of: other) else { return false }
        switch kind {
        case .null, .true, .false: return true
        case .string: return document.text(of: one).elementsEqual(document.text(of: other))
        case .number:
            if document.text(of: one).elementsEqual(document.text(of: other)) { return true }
            return document.number(of: one) == document.number(of: other)
        case .array:
            guard document.count(of: one) == document.count(of: other) else { return false }
            var (left, right) = (one + 1, other + 1)
            while left < document.end(of: one) {
                guard isSame(left, right) else { return false }
                left = document.next(after: left)
                right = document.next(after: right)
            }
            return true
        case .object:
            guard document.count(of: one) == document.count(of: other) else { return false }
            var key = one + 1
            while key < document.end(of: one) {
                guard let value = document.value(of: document.text(of: key), in: other), isSame(key + 1, value)
                else { return false }
                key = document.next(after: key + 1)
            }
            return true
        }
    }
}
