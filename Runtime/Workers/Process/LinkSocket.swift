import Glibc
import NIOCore

/// Writes a worker's socket beside NIO: frames that the kernel takes at once go past NIO's queue, as long as that is empty,
/// so that they are copied once, by the kernel.
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
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard descriptor >= 0, isFree else { return 0 }
        return max(0, send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }

    /// A buffer goes to NIO; its number, for `left`.
    mutating func queued() -> UInt64 {
        handed += 1
        return handed
    }

    /// The buffer of that number has left NIO's queue, and all before it.
    mutating func left(_ number: UInt64) { gone = number }
}
