/// Writes the parts of a key one behind the other, each with its length before it: two lists of parts never come to the
/// same bytes.
struct KeyWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ value: Int) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func part(_ value: String) {
        number(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func optional(_ value: String?) {
        byte(value == nil ? 0 : 1)
        if let value { part(value) }
    }

    mutating func list(_ values: [String]) {
        number(values.count)
        for value in values { part(value) }
    }
}
