/// What has come of an answer's body and has not been taken: says when it is enough for now, and when it is too much.
struct BodyInbox: Equatable {
    /// What becomes of bytes that came.
    enum Receipt: Equatable {
        case kept
        /// They are to come again when there is room: `take` says when.
        case later
        case tooLarge
    }

    /// How many bytes the body may have.
    let limit: Int
    /// From how many waiting bytes on no more are kept.
    let capacity: Int
    private(set) var bytes: [UInt8] = []
    private(set) var isPaused = false
    private var received = 0

    init(limit: Int, capacity: Int) {
        self.limit = limit
        self.capacity = capacity
    }

    /// Makes room for a body of this length, if it is one that may come, up to 1 MiB: a length alone costs the other
    /// side nothing.
    mutating func expect(_ length: Int) {
        if length <= limit { bytes.reserveCapacity(min(length, capacity, 1 << 20)) }
    }

    mutating func receive(_ part: UnsafeBufferPointer<UInt8>) -> Receipt {
        guard part.count <= limit - received else { return .tooLarge }
        guard bytes.count < capacity else {
            isPaused = true
            return .later
        }
        received += part.count
        bytes.append(contentsOf: part)
        return .kept
    }

    /// All that waits, and whether more may come again because of it.
    mutating func take() -> (bytes: [UInt8], resumes: Bool) {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        let resumes = isPaused
        isPaused = false
        return (taken, resumes)
    }
}
