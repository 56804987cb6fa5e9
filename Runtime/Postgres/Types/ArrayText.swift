/// Arrays as PostgreSQL writes and reads them: `{1,2,NULL}`, `{"a \"b\"",c}`.
enum ArrayText {
    /// The elements of an array.
    struct Elements {
        /// All elements without quotes and escapes, each followed by a zero byte.
        var bytes: [UInt8] = []
        /// Where each element begins and how many bytes it has; -1 for NULL.
        var places: [(start: Int, count: Int)] = []
    }

    enum Fault: Error, Equatable {
        /// The text is no array.
        case malformed
        /// Arrays within the array.
        case severalDimensions
    }

    /// Takes an array of one dimension apart. That it may count from another number than 1 (`[0:1]={…}`) is passed over.
    static func elements(_ text: UnsafeBufferPointer<UInt8>) throws(Fault) -> Elements {
        var position = 0
        if text.first == UInt8(ascii: "[") {
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { throw .malformed }
            if text[..<equals].count(where: { $0 == UInt8(ascii: "[") }) > 1 { throw .severalDimensions }
            position = equals + 1
        }
        guard position + 1 < text.count, text[position] == UInt8(ascii: "{"),
            text[text.count - 1] == UInt8(ascii: "}")
        else { throw .malformed }
        position += 1
        var elements = Elements()
        if position == text.count - 1 { return elements }
        elements.bytes.reserveCapacity(text.count)
        while true {
            position = try append(text, from: position, to: &elements)
            guard position < text.count else { throw .malformed }
            let separator = text[position]
            position += 1
            if separator == UInt8(ascii: ",") { continue }
            guard separator == UInt8(ascii: "}"), position == text.count else { throw .malformed }
            return elements
        }
    }

    /// Reads one element, and answers where it ends.
    private static func append(
        _ text: UnsafeBufferPointer<UInt8>, from first: Int, to elements: inout Elements
    ) throws(Fault) -> Int {
        var position = first
        let start = elements.bytes.count
        let isQuoted = position < text.count && text[position] == UInt8(ascii: "\"")
        if isQuoted { position += 1 }
        while true {
            guard position < text.count else { throw .malformed }
            let byte = text[position]
            if isQuoted, byte == UInt8(ascii: "\"") {
                position += 1
                break
            }
            if !isQuoted {
                if byte == UInt8(ascii: "{") { throw .severalDimensions }
                if byte == UInt8(ascii: "\"") { throw .malformed }
                if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") { break }
            }
            if byte == UInt8(ascii: "\\") {
                position += 1
                guard position < text.count else { throw .malformed }
            }
            elements.bytes.append(text[position])
            position += 1
        }
        let count = elements.bytes.count - start
        if !isQuoted {
            if count == 0 { throw .malformed }
            let isNull =
                position - first == 4
                && zip(text[first..<position], "null".utf8).allSatisfy { $0.0 | 0x20 == $0.1 }
            if isNull {
                elements.bytes.removeSubrange(start...)
                elements.places.append((start, -1))
                return position
            }
        }
        elements.places.append((start, count))
        elements.bytes.append(0)
        return position
    }

    /// Adds an element in quotes.
    static func appendQuoted(_ element: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in element {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
