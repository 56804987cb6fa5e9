/// Bytes on their way out: frames are encoded straight into it, and it is written with one system call.
///
/// It owns its memory, grows by doubling, and gives what a burst took back once it is empty. Long bodies are not copied
/// into it: it holds on to their arrays and puts their bytes in their places. Not copyable, so there is no check for a
/// second owner at each append.
public struct FrameBuffer: ~Copyable, @unchecked Sendable {
    // Sendable by being the only owner of its memory; no lock is needed.
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    private var end = 0

    /// Bytes of an array among those of `memory`.
    private struct Piece {
        /// How many bytes of `memory` go before it, counted from the first that ever was there.
        var place: Int
        var bytes: [UInt8]
        var range: Range<Int>
    }
    private var pieces: [Piece] = []
    private var firstPiece = 0
    /// How many bytes wait in pieces.
    private var inPieces = 0
    /// How many bytes of `memory` were taken away so far.
    private var passed = 0

    /// The capacity that an empty buffer keeps at most.
    private static let kept = 256 * 1024
    /// From so many bytes on holding an array is cheaper than a copy of its bytes.
    private static let worthSharing = 4096

    /// An empty buffer with room for `capacity` bytes, 16 KiB unless told otherwise.
    public init(capacity: Int = 16 * 1024) {
        self.capacity = max(capacity, 64)
        memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// How many bytes wait.
    public var count: Int { end - start + inPieces }
    /// Whether none wait.
    public var isEmpty: Bool { end == start && inPieces == 0 }

    /// Calls `body` with the first bytes that wait, for a write: all of them, but for those from the first long body on.
    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let hasPiece = firstPiece < pieces.count
        let next = hasPiece ? start + pieces[firstPiece].place - passed : end
        guard hasPiece, next == start else {
            return try body(UnsafeRawBufferPointer(start: memory + start, count: next - start))
        }
        let range = pieces[firstPiece].range
        return try pieces[firstPiece].bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// How many segments one write has at most: those of more would not fit into the stack's kilobyte, and each write
    /// would allocate.
    private static let segments = 60

    /// Calls `body` with the bytes that wait, in their order, in up to 60 segments, for a write; more than those hold
    /// come with the next call, after `consume`.
    @inlinable
    public func withSegments<Result>(_ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Result) -> Result {
        var result: Result?
        gather { result = body($0) }
        // Safe: `gather` calls its closure once.
        return result!
    }

    /// Calls `body` once with the segments. Not generic, so that its memory is on the stack in every module.
    @usableFromInline
    func gather(_ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Void) {
        withUnsafeTemporaryAllocation(of: UnsafeRawBufferPointer.self, capacity: FrameBuffer.segments) { segments in
            gather(into: segments, 0, from: start, firstPiece, body)
        }
    }

    /// Adds the segments from byte `offset` of the memory and from `piece` on to the `used` ones that there are.
    private func gather(
        into segments: UnsafeMutableBufferPointer<UnsafeRawBufferPointer>, _ used: Int, from offset: Int, _ piece: Int,
        _ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Void
    ) {
        var used = used
        let hasPiece = piece < pieces.count
        let next = hasPiece ? start + pieces[piece].place - passed : end
        if next > offset {
            segments.initializeElement(
                at: used, to: UnsafeRawBufferPointer(start: memory + offset, count: next - offset))
            used += 1
        }
        guard hasPiece, used + 1 < segments.count else {
            return body(UnsafeBufferPointer(rebasing: segments[..<used]))
        }
        let range = pieces[piece].range
        pieces[piece].bytes.withUnsafeBytes { bytes in
            segments.initializeElement(at: used, to: UnsafeRawBufferPointer(rebasing: bytes[range]))
            gather(into: segments, used + 1, from: next, piece + 1, body)
        }
    }

    /// A copy of the bytes that wait.
    public var bytes: [UInt8] {
        var found: [UInt8] = []
        var offset = start
        for piece in pieces[firstPiece...] {
            let next = start + piece.place - passed
            found += UnsafeRawBufferPointer(start: memory + offset, count: next - offset)
            found += piece.bytes[piece.range]
            offset = next
        }
        return found + UnsafeRawBufferPointer(start: memory + offset, count: end - offset)
    }

    /// Takes the first `count` bytes away: they were written. More than there are takes all.
    public mutating func consume(_ count: Int) {
        var left = min(max(count, 0), self.count)
        while left > 0 {
            let own = firstPiece < pieces.count ? pieces[firstPiece].place - passed : end - start
            let taken: Int
            if own > 0 {
                taken = min(own, left)
                start += taken
                passed += taken
            } else {
                taken = min(pieces[firstPiece].range.count, left)
                consumePiece(taken)
            }
            left -= taken
        }
        if isEmpty { removeAll() }
    }

    private mutating func consumePiece(_ count: Int) {
        inPieces -= count
        let range = pieces[firstPiece].range
        guard count == range.count else {
            pieces[firstPiece].range = (range.lowerBound + count)..<range.upperBound
            return
        }
        pieces[firstPiece].bytes = []
        firstPiece += 1
        if firstPiece == pieces.count || firstPiece > 64 {
            pieces.removeFirst(firstPiece)
            firstPiece = 0
        }
    }

    /// Takes all bytes away.
    public mutating func removeAll() {
        start = 0
        end = 0
        pieces.removeAll(keepingCapacity: true)
        firstPiece = 0
        inPieces = 0
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

    /// Adds a DATA frame with these bytes of an array, which is held on to where they are many.
    mutating func appendData(_ bytes: [UInt8], _ range: Range<Int>, isEnd: Bool, stream: StreamID) {
        let mark = beginFrame(.data, flags: isEnd ? .end : [], stream: stream)
        guard range.count >= FrameBuffer.worthSharing else {
            bytes.withUnsafeBytes { append(UnsafeRawBufferPointer(rebasing: $0[range])) }
            endFrame(mark)
            return
        }
        patch(UInt32(range.count), at: start + mark)
        pieces.append(Piece(place: passed + end - start, bytes: bytes, range: range))
        inPieces += range.count
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
