import NIOCore

/// The buffer that all connections of one event loop are read into, one after the other.
///
/// NIO would keep one for each connection, as large as the largest read there has been, also while it is idle. It is lent
/// from the moment before a read until the connection's handler has seen what came, which is before the next read.
///
/// `@unchecked Sendable`: used on its event loop only.
final class SharedReads: @unchecked Sendable {
    /// A body of 64 KiB with its head fits.
    static let capacity = 128 * 1024

    private var spare: ByteBuffer?

    /// The buffer, to be written by whoever asked; a new one where it has not come back.
    func take() -> ByteBuffer {
        guard var buffer = spare else { return ByteBufferAllocator().buffer(capacity: Self.capacity) }
        spare = nil
        buffer.clear()
        return buffer
    }

    /// Takes the buffer back. Others may still hold it for this turn: it is not written before the next one.
    func giveBack(_ buffer: ByteBuffer) {
        if buffer.capacity == Self.capacity { spare = buffer }
    }
}

/// Makes a connection's channel read into the loop's buffer, but for its first read: NIO keeps that buffer for as long as
/// the connection lives, so it is a small one: enough for a short head, and a longer one costs one more read, once.
struct SharedReadAllocator: RecvByteBufferAllocator {
    private static let firstCapacity = 256

    private let reads: SharedReads
    private var isFirst = true

    init(_ reads: SharedReads) { self.reads = reads }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: Self.firstCapacity) : reads.take()
    }

    /// Nothing that NIO could find among buffers of its own.
    func nextBufferSize() -> Int? { nil }

    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        // Only then does NIO ask for a buffer at each read.
        return true
    }
}
