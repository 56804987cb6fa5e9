/// A document that was read: its bytes, and one entry for each value and key in the order of the text.
///
/// The tape owns a copy of the bytes, so a decoder that outlives its call reads nothing that is gone. It belongs to
/// one thread at a time, as decoders do.
final class JSONTape {
    /// Zero bytes behind the text: they end every scan, and whole words can be read up to the last byte.
    static let padding = 16

    let input: UnsafeMutablePointer<UInt8>
    let inputCount: Int
    let options: JSONDecodingOptions

    var entries: UnsafeMutablePointer<TapeEntry>
    var capacity: Int
    /// Strings that had escapes, without them; as large as the input once there is one.
    var arena: UnsafeMutablePointer<UInt8>?
    /// Where the keys of large objects are, by the object's entry; made when a look-up out of order needs it.
    var keyTables: [Int: KeyTable] = [:]

    private init(copying bytes: RawSpan, options: JSONDecodingOptions) {
        let input = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.byteCount + Self.padding)
        bytes.withUnsafeBytes { source in
            // An empty span may have no address; then there is nothing to copy.
            if let base = source.baseAddress {
                UnsafeMutableRawPointer(input).copyMemory(from: base, byteCount: source.count)
            }
        }
        (input + bytes.byteCount).initialize(repeating: 0, count: Self.padding)
        self.input = input
        inputCount = bytes.byteCount
        capacity = inputCount / 8 + 16
        entries = .allocate(capacity: capacity)
        self.options = options
    }

    deinit {
        input.deallocate()
        entries.deallocate()
        arena?.deallocate()
    }

    /// Reads a document. Throws where the text is not one or exceeds a limit.
    static func read(_ bytes: RawSpan, options: JSONDecodingOptions) throws(JSONDecodingError) -> JSONTape {
        let limit = min(max(options.limits.maxBytes, 0), JSONLimits.longestDocument)
        guard bytes.byteCount <= limit else {
            throw JSONDecodingError(
                SyntaxFault(reason: .tooLong(limit: limit), offset: nil), found: nil, path: [])
        }
        let tape = JSONTape(copying: bytes, options: options)
        var builder = TapeBuilder(tape)
        do throws(SyntaxFault) {
            try builder.build()
        } catch {
            let found = error.offset.flatMap { $0 < tape.inputCount ? tape.input[$0] : nil }
            throw JSONDecodingError(error, found: found, path: builder.openPath())
        }
        return tape
    }

    /// The entry behind a value and all that it holds.
    @inline(__always)
    func next(after index: Int) -> Int {
        entries[index].isContainer ? entries[index].end : index + 1
    }

    /// The text of a number, or of a string or key without its escapes.
    @inline(__always)
    func text(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let entry = entries[index]
        // Safe: a string is flagged so only after the arena was made.
        let base = entry.flags.contains(.inArena) ? arena.unsafelyUnwrapped : input
        return UnsafeBufferPointer(start: base + entry.start, count: entry.length)
    }

    /// A string or key. Its bytes are known to be UTF-8.
    @inline(__always)
    func string(at index: Int) -> String {
        let isASCII = entries[index].flags.contains(.ascii)
        return String(copying: UTF8Span(unchecked: text(at: index).span, isKnownASCII: isASCII))
    }

    /// Calls `body` with the entry of each key of an object; the value is the entry behind it.
    @inline(__always)
    func forEachKey(of object: Int, _ body: (Int) -> Void) {
        let end = entries[object].end
        var key = object + 1
        while key < end {
            if !entries[key].isHidden { body(key) }
            key = next(after: key + 1)
        }
    }
}
