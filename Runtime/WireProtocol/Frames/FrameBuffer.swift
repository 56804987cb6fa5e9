/// Bytes on their way out: frames are encoded straight into it, and it is written with one system call.
///
/// It owns its memory, grows by doubling, and gives what a burst took back once it is empty. Not copyable, so there is no
/// check for a second owner at each append.
public struct FrameBuffer: ~Copyable, @unchecked Sendable {
    // Sendable by being the only owner of its memory; no lock is needed.
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    private var end = 0

    /// The capacity that an empty buffer keeps at most.
    private static let kept = 256 * 1024
    /// An empty buffer with room for `capacity` bytes, 16 KiB unless told otherwise.
    public init(capacity: Int = 16 * 1024) {
        self.capacity = max(capacity, 64)
        memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// How many bytes wait.
    public var count: Int { end - start }
    /// Whether none wait.
    public var isEmpty: Bool { end == start }

    /// Calls `body` with the bytes that wait, for a write.
    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: memory + start, count: end - start))
    }

    /// A copy of the bytes that wait.
    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// Takes the first `count` bytes away: they were written. More than there are takes all.
    public mutating func consume(_ count: Int) {
        start += min(max(count, 0), self.count)
        if isEmpty { removeAll() }
    }

    /// Takes all bytes away.
    public mutating func removeAll() {
        start = 0
        end = 0
        if capacity > FrameBuffer.kept {
            memory.deallocate()
            capacity = 16 * 1024
            memory = .allocate(byteCount: capacity, alignment: 16)
        }
    }

    /// Adds bytes as they are.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (memory + end).copyMemory(from: source, byteCount: bytes.count)
        end += bytes.count
    }

    /// Adds bytes as they are.
    public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    /// Adds a DATA frame with these bytes.
    mutating func appendData(_ bytes: UnsafeRawBufferPointer, isEnd: Bool, stream: StreamID) {
        let mark = beginFrame(.data, flags: isEnd ? .end : [], stream: stream)
        append(bytes)
        endFrame(mark)
    }

    @inline(__always)
    mutating func append<Number: FixedWidthInteger>(integer: Number) {
        reserve(MemoryLayout<Number>.size)
        (memory + end).storeBytes(of: integer.littleEndian, as: Number.self)
        end += MemoryLayout<Number>.size
    }

    /// Adds a length of 4 bytes and the text.
    mutating func append(text: String) {
        // Counted from the start: growing moves the bytes.
        let mark = end - start
        append(integer: UInt32(0))
        if text.utf8.withContiguousStorageIfAvailable({ append(UnsafeRawBufferPointer($0)) }) == nil {
            for byte in text.utf8 { append(integer: byte) }
        }
        patch(UInt32(truncatingIfNeeded: end - start - mark - 4), at: start + mark)
    }

    /// Adds a length of 4 bytes and the bytes.
    mutating func append(counted bytes: [UInt8]) {
        append(integer: UInt32(truncatingIfNeeded: bytes.count))
        append(bytes)
    }

    /// Where the next byte goes, for `takeBack`.
    var mark: Int { end - start }

    /// Takes all bytes from a mark on out again.
    mutating func takeBack(to mark: Int) -> [UInt8] {
        let taken = [UInt8](UnsafeRawBufferPointer(start: memory + start + mark, count: end - start - mark))
        end = start + mark
        return taken
    }

    /// Starts a frame; the answer is for `endFrame`.
    mutating func beginFrame(_ type: FrameType, flags: FrameFlags = [], stream: StreamID = .link) -> Int {
        let mark = mark
        reserve(FrameLimits.header)
        append(integer: UInt32(0))
        append(integer: UInt32(type.rawValue) | UInt32(flags.rawValue) << 8)
        append(integer: stream.rawValue)
        return mark
    }

    /// Ends the frame begun at `mark`: writes its length. False, and the frame is taken back, when it is too long.
    @discardableResult
    mutating func endFrame(_ mark: Int) -> Bool {
        let length = end - start - mark - FrameLimits.header
        guard length <= FrameLimits.payload else {
            end = start + mark
            return false
        }
        patch(UInt32(length), at: start + mark)
        return true
    }

    /// Adds a frame without a payload: DRAIN, GOODBYE.
    public mutating func appendFrame(_ type: FrameType, flags: FrameFlags = [], stream: StreamID = .link) {
        endFrame(beginFrame(type, flags: flags, stream: stream))
    }

    private mutating func patch(_ value: UInt32, at offset: Int) {
        (memory + offset).storeBytes(of: value.littleEndian, as: UInt32.self)
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if capacity - end < more { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        let count = end - start
        if capacity >= count + more, start > capacity / 2 {
            memory.copyMemory(from: memory + start, byteCount: count)
        } else {
            let larger = max(capacity * 2, count + more)
            let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            fresh.copyMemory(from: memory + start, byteCount: count)
            memory.deallocate()
            memory = fresh
            capacity = larger
        }
        start = 0
        end = count
    }
}
