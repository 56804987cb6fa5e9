/// Cuts what one stream of a worker says into lines of 16 KiB at most; a longer one becomes several.
struct LineCutter: Sendable {
    /// Bytes of a line at most.
    static let limit = 16 * 1024

    private var rest: [UInt8] = []
    /// The rest continues a line whose beginning went out already, so an empty one is no line.
    private var isContinued = false

    /// Calls `line` with each line that is complete.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ line: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start < bytes.count {
            let room = LineCutter.limit - rest.count
            let end = min(bytes.count, start + room)
            if let newline = bytes[start..<end].firstIndex(of: 10) {
                emit(UnsafeRawBufferPointer(rebasing: bytes[start..<newline]), isWhole: true, line)
                start = newline + 1
            } else if end - start == room {
                emit(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), isWhole: false, line)
                start = end
            } else {
                rest.append(contentsOf: bytes[start..<end])
                start = end
            }
        }
    }

    /// The stream has ended: what is left is a line too.
    mutating func finish(_ line: (UnsafeRawBufferPointer) -> Void) {
        guard !rest.isEmpty else { return }
        emit(UnsafeRawBufferPointer(start: nil, count: 0), isWhole: true, line)
    }

    private mutating func emit(
        _ bytes: UnsafeRawBufferPointer, isWhole: Bool, _ line: (UnsafeRawBufferPointer) -> Void
    ) {
        let isTail = isContinued
        isContinued = !isWhole
        if rest.isEmpty {
            if isTail, bytes.isEmpty { return }
            line(LineCutter.withoutReturn(bytes))
        } else {
            rest.append(contentsOf: bytes)
            rest.withUnsafeBytes { line(LineCutter.withoutReturn($0)) }
            rest.removeAll(keepingCapacity: true)
        }
    }

    private static func withoutReturn(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.last == 13 ? UnsafeRawBufferPointer(rebasing: bytes.dropLast()) : bytes
    }
}
