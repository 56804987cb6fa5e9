import Glibc
import NIOCore

/// Writes to a worker's socket past NIO's queue, as long as that queue is empty: frames that the kernel takes at once are
/// copied once, by the kernel.
///
/// It is used on the link's event loop only, and only while the channel is active, so its descriptor is open.
struct SocketWriter {
    /// The socket; -1 before there is one.
    var descriptor: Int32 = -1
    /// How many buffers were handed to NIO, and how many of those have left.
    private var handed: UInt64 = 0
    private var gone: UInt64 = 0

    init() {}

    /// Writes what the kernel takes at once; how many bytes that were. A broken socket takes none: NIO finds the same
    /// error and closes it.
    func write(_ segments: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
        guard descriptor >= 0, handed == gone else { return 0 }
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

    /// A buffer goes to NIO; its number, for `left`.
    mutating func queued() -> UInt64 {
        handed += 1
        return handed
    }

    /// The buffer of that number has left NIO's queue, and all before it.
    mutating func left(_ number: UInt64) { gone = number }
}
