/// The last 4 KiB that a worker wrote, for the line that tells of its crash.
struct OutputTail: Sendable {
    /// Bytes that are kept.
    static let limit = 4 * 1024
    private var bytes: [UInt8] = []

    /// Adds what was written.
    mutating func append(_ more: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: more.suffix(OutputTail.limit))
        if bytes.count > 4 * OutputTail.limit { bytes.removeFirst(bytes.count - OutputTail.limit) }
    }

    /// The text, escaped line by line; lines stay apart by a newline.
    var text: String {
        bytes.suffix(OutputTail.limit).split(separator: 10, omittingEmptySubsequences: true)
            .map { line in
                line.withUnsafeBytes { LineText.escaped($0.last == 13 ? .init(rebasing: $0.dropLast()) : $0) }
            }
            .joined(separator: "\n")
    }
}
