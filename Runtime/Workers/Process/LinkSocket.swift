import Glibc
import NIOCore

/// Reads and writes a worker's socket beside NIO: frames that the kernel takes at once go past NIO's queue, as long as that
/// is empty, and bodies are read to where they belong, so that either are copied once, by the kernel.
///
/// It is used on the link's event loop only, and only while the channel is active, so its descriptor is open.
struct LinkSocket {
    /// The socket; -1 before there is one.
    var descriptor: Int32 = -1
    /// How many buffers were handed to NIO, and how many of those have left.
    private var handed: UInt64 = 0
    private var gone: UInt64 = 0

    init() {}

    /// Whether NIO has written all that it was handed.
    var isFree: Bool { handed == gone }

    /// Writes what the kernel takes at once; how many bytes that were. A broken socket takes none: NIO finds the same
    /// error and closes it.
    func write(_ segments: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
        guard descriptor >= 0, isFree else { return 0 }
        return withUnsafeTemporaryAllocation(of: iovec.self, capacity: segments.count) { vectors in
            for (place, segment) in segments.enumerated() {
                let base = UnsafeMutableRawPointer(mutating: segment.baseAddress)
                vectors.initializeElement(at: place, to: iovec(iov_base: base, iov_len: segment.count))
            }
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = vectors.count
            return max(0, sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
        }
    }

    /// Reads once, what there is: first into `place`, and what that does not hold into `rest`. How many bytes that were; 0
    /// when there are none, and at the end and for a broken socket, which NIO finds by itself.
    func read(into place: UnsafeMutableRawBufferPointer, then rest: UnsafeMutableRawBufferPointer) -> Int {
        guard descriptor >= 0 else { return 0 }
        var vectors = (
            iovec(iov_base: place.baseAddress, iov_len: place.count),
            iovec(iov_base: rest.baseAddress, iov_len: rest.count)
        )
        return withUnsafeMutableBytes(of: &vectors) { vectors in
            var message = msghdr()
            message.msg_iov = vectors.assumingMemoryBound(to: iovec.self).baseAddress
            message.msg_iovlen = 2
            return max(0, recvmsg(descriptor, &message, Int32(MSG_DONTWAIT)))
        }
    }

    /// A buffer goes to NIO; its number, for `left`.
    mutating func queued() -> UInt64 {
        handed += 1
        return handed
    }

    /// The buffer of that number has left NIO's queue, and all before it.
    mutating func left(_ number: UInt64) { gone = number }
}
