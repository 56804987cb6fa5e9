/// A document that was read, to be walked without a value being made of it.
///
/// Its values and keys are entries, numbered in the order of the text: the root is 0, an array's first element and an
/// object's first key follow their container, and a key's value follows the key. `next(after:)` leads from one element
/// to its neighbour, `end(of:)` says where the container ends. It belongs to one thread at a time.
public struct JSONDocument {
    /// What a value is.
    public enum Kind: UInt8, Sendable {
        case null, `false`, `true`, number, string, array, object
    }

    private let tape: JSONTape
    // The tape's own addresses, which no longer change once it is read.
    @usableFromInline let entries: UnsafePointer<TapeEntry>
    @usableFromInline let input: UnsafePointer<UInt8>
    /// Where strings with escapes are; the input's address where there are none.
    @usableFromInline let arena: UnsafePointer<UInt8>

    private init(_ tape: JSONTape) {
        self.tape = tape
        entries = UnsafePointer(tape.entries)
        input = UnsafePointer(tape.input)
        arena = tape.arena.map { UnsafePointer($0) } ?? UnsafePointer(tape.input)
    }

    /// Reads one document from memory of the caller's, which is copied.
    ///
    /// - Throws: what `JSONValue.parse` throws. Keys are distinct in every object, whatever the limits say.
    public static func read(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()
    ) throws(JSONDecodingError) -> JSONDocument {
        var limits = limits
        limits.allowsDoubledKeys = false
        return JSONDocument(try JSONTape.read(bytes.bytes, options: JSONDecodingOptions(limits: limits)))
    }

    /// How many entries there are, keys counted too.
    public var entryCount: Int { next(after: 0) }

    /// What the value at an entry is; a key is a string.
    @inlinable
    public func kind(of entry: Int) -> Kind {
        // Safe: both enumerations list the same kinds in the same order.
        unsafeBitCast(entries[entry].kind, to: Kind.self)
    }

    /// How many elements an array or members an object has.
    @inlinable
    public func count(of entry: Int) -> Int { Int(entries[entry].b) }

    /// The entry behind the last one of an array or object.
    @inlinable
    public func end(of entry: Int) -> Int { Int(entries[entry].c) }

    /// The entry behind a value and all that it holds.
    @inlinable
    public func next(after entry: Int) -> Int {
        entries[entry].kind.rawValue >= TapeEntry.Kind.array.rawValue ? Int(entries[entry].c) : entry + 1
    }

    /// The bytes of a number, or of a string or key without its escapes; good for as long as the document lives.
    @inlinable
    public func text(of entry: Int) -> UnsafeBufferPointer<UInt8> {
        // Bit 0: the text lies in the arena.
        let base = entries[entry].low & 1 == 0 ? input : arena
        return UnsafeBufferPointer(start: base + Int(entries[entry].a), count: Int(entries[entry].b))
    }

    /// Whether all bytes of a string or key are ASCII, so that it has as many characters as bytes.
    @inlinable
    public func isASCII(_ entry: Int) -> Bool { entries[entry].low & 2 != 0 }

    /// Whether a number was written with neither fraction nor exponent.
    @inlinable
    public func isPlainWhole(_ entry: Int) -> Bool { entries[entry].low & 4 != 0 }

    /// The hash of a key, the same as `JSONDocument.hash` gives for its bytes.
    @inlinable
    public func keyHash(of entry: Int) -> UInt32 { entries[entry].c }

    /// A string or key as text.
    public func string(of entry: Int) -> String { tape.string(at: entry) }

    /// The number at an entry.
    public func number(of entry: Int) -> JSONNumber { tape.jsonNumber(at: entry) }

    /// The entry of a member's value; nil if there is none of that key. Constant time, nearly.
    public func value(of key: UnsafeBufferPointer<UInt8>, in object: Int) -> Int? {
        tape.value(of: key, in: object)
    }

    /// The hash of a key's bytes; another one in every process.
    public static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 { KeyHash.shared(key) }
}
