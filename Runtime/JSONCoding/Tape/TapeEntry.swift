/// One entry of a tape: a scalar, an object's key (a string too), or an array or object with all that follows it up
/// to its end. 16 bytes.
@usableFromInline
struct TapeEntry {
    @usableFromInline
    enum Kind: UInt8 {
        case null, `false`, `true`, number, string, array, object
    }

    @usableFromInline let kind: Kind
    /// Scalars: see `Flags`. Arrays: the high bits of the hint's ordinal.
    @usableFromInline var low: UInt8 = 0
    private var high: UInt16 = 0
    @usableFromInline var a: UInt32
    @usableFromInline var b: UInt32
    @usableFromInline var c: UInt32

    /// A literal, number, string or key. `start` counts in the input, or in the arena for a string with escapes.
    init(_ kind: Kind, start: Int, length: Int, flags: Flags = []) {
        self.kind = kind
        low = flags.rawValue
        a = UInt32(truncatingIfNeeded: start)
        b = UInt32(truncatingIfNeeded: length)
        c = 0
    }

    /// An array or object that is still open inside `parent`.
    init(opening kind: Kind, parent: UInt32) {
        self.kind = kind
        a = 0
        b = 0
        c = parent
    }

    struct Flags: OptionSet {
        let rawValue: UInt8
        /// The text had escapes; the string without them lies in the arena.
        static let inArena = Flags(rawValue: 1)
        /// All bytes are ASCII.
        static let ascii = Flags(rawValue: 2)
        /// The number has neither fraction nor exponent.
        static let whole = Flags(rawValue: 4)
    }

    // Scalars
    var flags: Flags { Flags(rawValue: low) }
    var start: Int { Int(a) }
    var length: Int { Int(b) }

    /// A key's hash.
    var hash: UInt32 {
        get { c }
        set { c = newValue }
    }

    /// Whether a later member of the same key hides this key. It matches nothing, since no key is so long.
    var isHidden: Bool { b == .max }

    mutating func hide() { b = .max }

    // Arrays and objects
    var isContainer: Bool { kind.rawValue >= Kind.array.rawValue }

    /// The number of elements or members.
    var count: Int {
        get { Int(b) }
        set { b = UInt32(truncatingIfNeeded: newValue) }
    }

    /// While it is being read: the entry of the array or object around it.
    var parent: UInt32 { c }

    /// The entry behind its last one.
    var end: Int {
        get { Int(c) }
        set { c = UInt32(truncatingIfNeeded: newValue) }
    }

    /// Objects: the key found last. Arrays: the element given out last. 0 if there was none.
    var hint: Int {
        get { Int(a) }
        set { a = UInt32(truncatingIfNeeded: newValue) }
    }

    /// Arrays: the position of the element that `hint` names, nil from 2^24 - 1 on.
    var hintOrdinal: Int? {
        get {
            let ordinal = Int(low) | Int(high) << 8
            return ordinal == 0xFF_FFFF ? nil : ordinal
        }
        set {
            let ordinal = min(newValue ?? 0xFF_FFFF, 0xFF_FFFF)
            low = UInt8(truncatingIfNeeded: ordinal)
            high = UInt16(truncatingIfNeeded: ordinal >> 8)
        }
    }
}
