/// Reads CSV (RFC 4180) as it comes, in parts of any size.
///
/// Lines end with LF or CRLF; a field in double quotes may hold commas, line ends and doubled quotes. A byte order mark
/// at the beginning and empty lines are passed over. A record takes at most `maximumRecord` bytes, the commas counted.
struct CSVReader {
    /// What is wrong with the text, and in which line, from 1.
    struct Fault: Error, Equatable {
        var line: Int
        var message: String
    }

    /// How many bytes a record has at most, those of its fields and one for each comma between them.
    static let maximumRecord = 16 << 10

    /// Each state's exits are in `take`.
    private enum State {
        /// Nothing of the field has come.
        case fieldStart
        /// Within a field without quotes.
        case plain
        /// Within quotes.
        case quoted
        /// A quote came within quotes: their end, or the first of two.
        case quoteInQuoted
        /// A carriage return came, which only a line feed may follow.
        case carriageReturn
    }

    private var state = State.fieldStart
    private var line = 1
    private var record = CSVRecord()
    private var hasQuotes = false
    private var byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Takes the next bytes, and hands over each record that they complete.
    mutating func read(_ bytes: some Sequence<UInt8>, record handle: (CSVRecord) throws -> Void) throws {
        for byte in bytes {
            if !byteOrderMark.isEmpty {
                if byte == byteOrderMark[0] {
                    byteOrderMark.removeFirst()
                    continue
                }
                guard byteOrderMark.count == 3 else { throw fault("The text is not UTF-8") }
                byteOrderMark = []
            }
            if try take(byte) { try finish(handle) }
        }
    }

    /// The text is over; hands over the last record if no line end came after it.
    mutating func end(record handle: (CSVRecord) throws -> Void) throws {
        switch state {
        case .quoted: throw Fault(line: record.line, message: "A quoted field has no end")
        case .carriageReturn: throw fault("A carriage return stands alone")
        case .fieldStart, .plain, .quoteInQuoted:
            record.endField()
            try finish(handle)
        }
    }

    /// Takes one byte; true when it ends the record.
    private mutating func take(_ byte: UInt8) throws -> Bool {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
            return false
        case (.quoted, _):
            if byte == UInt8(ascii: "\n") { line += 1 }
            try append(byte)
            return false
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            state = .quoted
            try append(byte)
            return false
        case (.fieldStart, UInt8(ascii: "\"")):
            state = .quoted
            hasQuotes = true
            return false
        case (.carriageReturn, UInt8(ascii: "\n")), (.fieldStart, UInt8(ascii: "\n")), (.plain, UInt8(ascii: "\n")),
            (.quoteInQuoted, UInt8(ascii: "\n")):
            record.endField()
            state = .fieldStart
            line += 1
            return true
        case (.carriageReturn, _): throw fault("A carriage return stands alone")
        case (_, UInt8(ascii: "\r")):
            state = .carriageReturn
            return false
        case (_, UInt8(ascii: ",")):
            try checkSize()
            record.endField()
            state = .fieldStart
            return false
        case (.quoteInQuoted, _): throw fault("Text follows the end of a quoted field")
        case (.plain, UInt8(ascii: "\"")): throw fault("A quote stands in a field that does not begin with one")
        case (.fieldStart, _), (.plain, _):
            state = .plain
            try append(byte)
            return false
        }
    }

    private mutating func append(_ byte: UInt8) throws {
        try checkSize()
        record.bytes.append(byte)
    }

    /// Throws when the record has no room for another byte, or for the end of a field that others follow.
    private func checkSize() throws {
        guard record.bytes.count + record.count < Self.maximumRecord else {
            throw Fault(line: record.line, message: "The line is longer than \(Self.maximumRecord) bytes")
        }
    }

    private mutating func finish(_ handle: (CSVRecord) throws -> Void) throws {
        if record.count > 1 || !record.bytes.isEmpty || hasQuotes { try handle(record) }
        hasQuotes = false
        record.clear(line: line)
    }

    private func fault(_ message: String) -> Fault { Fault(line: line, message: message) }
}
