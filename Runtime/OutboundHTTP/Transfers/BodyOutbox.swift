/// What has been written of a streamed request's body and has not been taken by the connection.
struct BodyOutbox: Equatable {
    /// What the connection gets.
    enum Pull: Equatable {
        case bytes(Int)
        /// Nothing yet: `write` and `finish` say when to ask again.
        case later
        case end
    }

    /// From how many waiting bytes on a writer waits.
    static let capacity = 64 << 10

    /// How many bytes were promised.
    let length: Int?
    /// Whether the connection has asked for the first byte.
    private(set) var hasBegun = false
    /// Whether the connection waits to be told.
    private(set) var isPaused = false
    private(set) var written = 0
    private var isFinished = false
    private var bytes: [UInt8] = []
    private var offset = 0

    init(length: Int?) { self.length = length }

    /// Whether a writer need not wait.
    var hasRoom: Bool { bytes.count - offset < Self.capacity }

    /// Fills the connection's buffer.
    mutating func pull(into room: UnsafeMutableRawBufferPointer) -> Pull {
        hasBegun = true
        let count = min(bytes.count - offset, room.count)
        if count == 0 {
            if isFinished { return .end }
            isPaused = true
            return .later
        }
        bytes.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + count)])) }
        offset += count
        if offset == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 2 * Self.capacity)
            offset = 0
        }
        return .bytes(count)
    }

    /// Takes bytes; answers whether the connection is to ask again. Throws for more than was promised.
    mutating func write(_ more: [UInt8]) throws(HTTPClientError) -> Bool {
        if let length, more.count > length - written {
            throw HTTPClientError(
                .invalidRequest, "The streamed body is longer than its length", mayHaveBeenSent: true)
        }
        guard !more.isEmpty else { return false }
        written += more.count
        if bytes.isEmpty { bytes = more } else { bytes.append(contentsOf: more) }
        return resume()
    }

    /// The body ends here; answers whether the connection is to ask again. Throws for less than was promised.
    mutating func finish() throws(HTTPClientError) -> Bool {
        if let length, written < length {
            throw HTTPClientError(
                .invalidRequest, "The streamed body is shorter than its length", mayHaveBeenSent: true)
        }
        isFinished = true
        return resume()
    }

    private mutating func resume() -> Bool {
        defer { isPaused = false }
        return isPaused
    }
}
