/// One record of a CSV text: its fields, and the line in which it begins, from 1.
struct CSVRecord: Sendable {
    private(set) var line = 1
    var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// How many fields there are.
    var count: Int { ends.count }

    /// A field's bytes, without quotes.
    subscript(field: Int) -> ArraySlice<UInt8> { bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }

    /// A field as text, in which what is no UTF-8 is replaced.
    func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }

    mutating func endField() { ends.append(bytes.count) }

    mutating func clear(line: Int) {
        self.line = line
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
