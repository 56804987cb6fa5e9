/// A body that comes in DATA frames, gathered; memory grows with what came, not with what was announced.
public struct IncomingBody: Sendable, Equatable {
    /// The stream, for the error.
    public let stream: StreamID
    /// What came so far.
    public private(set) var bytes: [UInt8] = []
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
        let count = bytes.count + payload.count
        guard count <= min(announced ?? limit, limit) else { throw .bodyLength(stream) }
        if bytes.isEmpty, !isEnd { bytes.reserveCapacity(min(announced ?? 0, IncomingBody.reserved)) }
        // No further than what is to come: the array by itself would take up to twice as much.
        if let announced, count > bytes.capacity {
            bytes.reserveCapacity(min(announced, max(count, 2 * bytes.capacity)))
        }
        bytes.append(contentsOf: payload)
        guard isEnd else { return false }
        if let announced, announced != count { throw .bodyLength(stream) }
        return true
    }

    /// Takes the bytes out.
    public mutating func take() -> [UInt8] {
        let found = bytes
        bytes = []
        return found
    }
}
