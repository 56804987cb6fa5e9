import CSandbox
import Glibc
import WireProtocol

/// The memory that the gateway shares with one worker, for bodies in both directions.
///
/// `@unchecked Sendable`: used by the link that made it, on its loop.
final class SharedMemory: @unchecked Sendable {
    /// For bodies to the worker; written here, never read. Valid as long as this object, as `incoming`.
    let outgoing: UnsafeMutableRawBufferPointer
    /// For bodies from the worker, which may change them at any time: each byte is read once.
    let incoming: UnsafeRawBufferPointer
    private let memory: UnsafeMutableRawPointer
    private var descriptor: Int32 = -1

    /// Makes two halves of `size` bytes; nothing of them takes memory before it is written. Throws what the system said.
    init(size: Int) throws(SpawnFailure) {
        var memory: UnsafeMutableRawPointer?
        let failure = swiftlet_shared_memory(2 * size, &descriptor, &memory)
        guard failure == 0, let memory else { throw SpawnFailure(.preparation, -failure) }
        self.memory = memory
        outgoing = UnsafeMutableRawBufferPointer(start: memory, count: size)
        incoming = UnsafeRawBufferPointer(start: memory + size, count: size)
    }

    deinit {
        munmap(memory, 2 * outgoing.count)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends the first frame into a worker's socket, and the memory with it: how many bytes of it have gone. Throws what the
    /// system said.
    func hand(over socket: Int32, with frame: borrowing FrameBuffer) throws(SpawnFailure) -> Int {
        let count = frame.withUnsafeBytes { swiftlet_hand_over(socket, $0.baseAddress, $0.count, descriptor) }
        guard count >= 0 else { throw SpawnFailure(.preparation, Int32(-count)) }
        close(descriptor)
        descriptor = -1
        return count
    }
}
