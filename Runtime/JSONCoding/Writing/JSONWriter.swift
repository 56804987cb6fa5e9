/// Appends JSON to an array of bytes, token by token, and puts the commas in.
///
/// It is meant for code that is run for every request. It does not check that the tokens make a document: a key
/// belongs in an object, every `begin` needs its `end`. Strings are escaped as RFC 8259, section 7 demands and no
/// further; other text stays as UTF-8.
///
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.key("data")
/// json.string("a \"b\"")
/// json.endObject()      // {"data":"a \"b\""}
/// ```
public struct JSONWriter: Sendable {
    /// What has been written, including the bytes that the writer was made with.
    public private(set) var bytes: [UInt8]

    /// Whether the next key or value follows another one in the same array or object.
    var needsComma = false

    /// A writer of an empty document with room for `reservingCapacity` bytes; it grows as needed.
    public init(reservingCapacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(reservingCapacity)
    }

    /// A writer that appends one document to what `bytes` holds.
    public init(appendingTo bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// The number of bytes written so far.
    public var count: Int { bytes.count }

    /// Forgets what was written and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Opens an object: `{`.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the object opened last: `}`.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array: `[`.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the array opened last: `]`.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes `null`.
    public mutating func null() { literal(0x6C6C_756E, count: 4) }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        if value { literal(0x6575_7274, count: 4) } else { literal(0x65_736C_6166, count: 5) }
    }

    /// Writes bytes that are one whole JSON value already. They are not looked at.
    public mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Writes bytes that are one whole JSON value already. They are not looked at.
    public mutating func raw(_ json: UnsafeRawBufferPointer) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Ends the line, so that the next value starts a document of its own (JSON lines, logs).
    public mutating func endLine() {
        bytes.append(0x0A)
        needsComma = false
    }

    /// Writes the comma that the next key or value needs.
    @inline(__always)
    mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    @inline(__always)
    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    @inline(__always)
    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Writes up to eight bytes given as a little-endian number.
    private mutating func literal(_ word: UInt64, count: Int) {
        separate()
        var rest = word
        for _ in 0..<count {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        needsComma = true
    }

    /// Appends at most `capacity` bytes that `fill` puts at the address given; it returns how many.
    @inline(__always)
    mutating func append(upTo capacity: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
        bytes.append(addingCapacity: capacity) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                // An empty buffer may have no address; nothing is asked for then.
                guard let start = buffer.baseAddress else { return }
                count = fill(start)
            }
        }
    }

    /// Appends a piece of a document as it is; the caller knows about commas.
    mutating func append(_ piece: ArraySlice<UInt8>) { bytes.append(contentsOf: piece) }

    /// Goes back to an earlier state: `count` bytes, and the comma as it was.
    mutating func rollBack(to count: Int, needsComma: Bool) {
        bytes.removeLast(bytes.count - count)
        self.needsComma = needsComma
    }

    /// Hands the bytes over and leaves the writer empty.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        needsComma = false
        return taken
    }
}
