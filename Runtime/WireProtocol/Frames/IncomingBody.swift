/// A body that comes in DATA frames, gathered; memory grows with what came, not with what was announced.
public struct IncomingBody: Sendable {
    /// The stream, for the error.
    public let stream: StreamID
    /// How many bytes came so far.
    public private(set) var count = 0
    /// What came so far, and behind it room of which nobody knows what it holds.
    private var room: [UInt8] = []
    private let announced: Int?
    private let limit: Int
    /// Room is made for an announced length up to this one.
    private static let reserved = 64 * 1024

    /// Nothing came yet of `announced` bytes (nil: not known), of which `limit` are taken at most.
    public init(stream: StreamID, announced: Int?, limit: Int) {
        self.stream = stream
        self.announced = announced
        self.limit = limit
    }

    /// Adds a DATA frame's payload. True when the body is whole now. Throws `bodyLength` when it is longer or
    /// shorter than announced, or longer than the limit.
    public mutating func append(_ payload: UnsafeRawBufferPointer, isEnd: Bool) throws(FrameError) -> Bool {
        let more = payload.count
        guard count + more <= min(announced ?? limit, limit) else { throw .bodyLength(stream) }
        if count + more > room.count { grow(more, isOnly: announced == count + more) }
        room.withUnsafeMutableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: bytes[count..<(count + more)]).copyMemory(from: payload)
        }
        count += more
        guard isEnd else { return false }
        if let announced, announced != count { throw .bodyLength(stream) }
        return true
    }

    /// Takes the bytes out.
    public mutating func take() -> [UInt8] {
        var found: [UInt8] = []
        swap(&found, &room)
        if found.count > count { found.removeLast(found.count - count) }
        count = 0
        return found
    }

    /// No further than what is to come: the array by itself would take up to twice as much.
    private mutating func grow(_ more: Int, isOnly: Bool) {
        let needed = count + more
        let wanted = isOnly ? needed : max(2 * room.count, min(announced ?? 0, IncomingBody.reserved))
        let size = max(needed, min(wanted, announced ?? .max))
        let came = count
        room = [UInt8](unsafeUninitializedCapacity: size) { fresh, count in
            room.withUnsafeBytes { UnsafeMutableRawBufferPointer(fresh).copyMemory(from: $0.prefix(upTo: came).whole) }
            // Safe: nothing behind `came` is shown to anybody before it has been written.
            count = size
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// The bytes as a buffer of their own.
    fileprivate var whole: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self) }
}
