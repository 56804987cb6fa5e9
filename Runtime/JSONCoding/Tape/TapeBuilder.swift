/// Reads a text once, from its first byte to its last, and writes the tape.
///
/// It keeps no stack: an open array or object remembers in its entry which one it lies in. So deep nesting costs
/// no memory but the tape, and the limit on depth is a rule, not a rescue.
struct TapeBuilder {
    /// No array or object is open.
    private static let outermost = UInt32.max

    let tape: JSONTape
    let base: UnsafeMutablePointer<UInt8>
    let end: UnsafeMutablePointer<UInt8>
    let hash = KeyHash.shared
    /// The byte to be read next.
    var p: UnsafeMutablePointer<UInt8>
    var entries: UnsafeMutablePointer<TapeEntry>
    var count = 0
    /// How much of the tape's arena is used.
    var arenaCount = 0
    /// Scratch for finding doubled keys in large objects.
    var keySlots: [UInt64] = []
    private var capacity: Int
    private var container = outermost
    private var depth = 0

    init(_ tape: JSONTape) {
        self.tape = tape
        base = tape.input
        end = tape.input + tape.inputCount
        p = base
        entries = tape.entries
        capacity = tape.capacity
    }

    mutating func build() throws(SyntaxFault) {
        if p[0] == 0xEF, p[1] == 0xBB, p[2] == 0xBF { throw fault(.byteOrderMark) }
        skipSpace()
        if p == end { throw SyntaxFault(reason: .empty, offset: nil) }
        let maxDepth = min(tape.options.limits.maxDepth, JSONLimits.deepestNesting)
        while true {
            switch p.pointee {
            case UInt8(ascii: "\""):
                try readString(isKey: false)
            case UInt8(ascii: "{"):
                try open(.object, maxDepth: maxDepth)
                if p.pointee != UInt8(ascii: "}") {
                    try readKey()
                    continue
                }
                try close()
            case UInt8(ascii: "["):
                try open(.array, maxDepth: maxDepth)
                if p.pointee != UInt8(ascii: "]") { continue }
                try close()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try readNumber()
            case UInt8(ascii: "t"):
                try readLiteral(.true, word: 0x6575_7274, length: 4)
            case UInt8(ascii: "f"):
                try readLiteral(.false, word: 0x65_736C_6166, length: 5)
            case UInt8(ascii: "n"):
                try readLiteral(.null, word: 0x6C6C_756E, length: 4)
            default:
                throw fault(.unexpected(expected: "a value"))
            }
            if try endValue() { return }
        }
    }

    /// Reads what follows a value: the ends of arrays and objects, and a comma. True at the end of the document.
    @inline(__always)
    private mutating func endValue() throws(SyntaxFault) -> Bool {
        while true {
            skipSpace()
            if container == Self.outermost {
                if p != end { throw fault(.trailing) }
                return true
            }
            let isObject = entries[Int(container)].kind == .object
            entries[Int(container)].count += 1
            if p.pointee == UInt8(ascii: ",") {
                p += 1
                skipSpace()
                if isObject { try readKey() }
                return false
            }
            guard p.pointee == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw fault(.unexpected(expected: isObject ? "a comma or '}'" : "a comma or ']'"))
            }
            try close()
        }
    }

    @inline(__always)
    private mutating func open(_ kind: TapeEntry.Kind, maxDepth: Int) throws(SyntaxFault) {
        guard depth < maxDepth else { throw fault(.tooDeep(limit: maxDepth)) }
        depth += 1
        append(TapeEntry(opening: kind, parent: container))
        container = UInt32(truncatingIfNeeded: count - 1)
        p += 1
        skipSpace()
    }

    @inline(__always)
    private mutating func close() throws(SyntaxFault) {
        let index = Int(container)
        if entries[index].kind == .object, entries[index].count > 1 { try checkKeys(of: index, end: count) }
        p += 1
        depth -= 1
        container = entries[index].parent
        entries[index].end = count
    }

    /// Reads a key and its colon, up to the value.
    @inline(__always)
    private mutating func readKey() throws(SyntaxFault) {
        guard p.pointee == UInt8(ascii: "\"") else { throw fault(.unexpected(expected: "a key in quotes")) }
        try readString(isKey: true)
        skipSpace()
        guard p.pointee == UInt8(ascii: ":") else { throw fault(.unexpected(expected: "a colon")) }
        p += 1
        skipSpace()
    }

    private mutating func readLiteral(_ kind: TapeEntry.Kind, word: UInt64, length: Int) throws(SyntaxFault) {
        // The padding lets eight bytes be read anywhere in the text.
        let mask = (1 << UInt64(length * 8)) - 1 as UInt64
        guard UnsafeRawPointer(p).loadUnaligned(as: UInt64.self) & mask == word else {
            throw fault(.unexpected(expected: "a value"))
        }
        append(TapeEntry(kind, start: p - base, length: length))
        p += length
    }

    private mutating func readNumber() throws(SyntaxFault) {
        let start = p
        var flags: TapeEntry.Flags = [.ascii, .whole]
        if p.pointee == UInt8(ascii: "-") { p += 1 }
        if p.pointee == UInt8(ascii: "0") {
            p += 1
            if isDigit(p.pointee) { throw fault(.leadingZero) }
        } else {
            try skipDigits()
        }
        if p.pointee == UInt8(ascii: ".") {
            p += 1
            flags.remove(.whole)
            try skipDigits()
        }
        if p.pointee | 0x20 == UInt8(ascii: "e") {
            p += 1
            flags.remove(.whole)
            if p.pointee == UInt8(ascii: "+") || p.pointee == UInt8(ascii: "-") { p += 1 }
            try skipDigits()
        }
        append(TapeEntry(.number, start: start - base, length: p - start, flags: flags))
    }

    @inline(__always)
    private mutating func skipDigits() throws(SyntaxFault) {
        guard isDigit(p.pointee) else { throw fault(.badNumber) }
        repeat { p += 1 } while isDigit(p.pointee)
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    @inline(__always)
    mutating func skipSpace() {
        while p.pointee <= 0x20 {
            guard p.pointee == 0x20 || p.pointee == 0x0A || p.pointee == 0x0D || p.pointee == 0x09 else {
                return
            }
            p += 1
        }
    }

    @inline(__always)
    mutating func append(_ entry: TapeEntry) {
        if count == capacity { grow() }
        (entries + count).initialize(to: entry)
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        capacity *= 2
        entries = larger
        tape.entries = larger
        tape.capacity = capacity
    }

    func fault(_ reason: SyntaxFault.Reason) -> SyntaxFault { SyntaxFault(reason: reason, offset: p - base) }

    /// The path of the innermost array or object that is open, and the key that was found twice if one was.
    func openPath() -> JSONPath {
        var elements: [JSONPath.Element] = []
        var index = container
        while index != Self.outermost {
            let parent = entries[Int(index)].parent
            if parent == Self.outermost { break }
            if entries[Int(parent)].kind == .object {
                // A member's key lies right before its value.
                elements.append(.key(tape.string(at: Int(index) - 1)))
            } else {
                elements.append(.index(entries[Int(parent)].count))
            }
            index = parent
        }
        if let doubledKey { elements.insert(.key(tape.string(at: doubledKey)), at: 0) }
        return JSONPath(elements.reversed())
    }

    /// The entry of the key that made `checkKeys` throw.
    var doubledKey: Int?
}
