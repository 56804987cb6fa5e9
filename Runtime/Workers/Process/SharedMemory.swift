import CSandbox
import Glibc

/// The memory that the gateway shares with one worker, for bodies in both directions.
///
/// `@unchecked Sendable`: made once; who writes is the owner's business.
final class SharedMemory: @unchecked Sendable {
    /// For bodies to the worker; written here, never read. Valid as long as this object, as `incoming`.
    let outgoing: UnsafeMutableRawBufferPointer
    /// For bodies from the worker, which may change them at any time: each byte is read once.
    let incoming: UnsafeRawBufferPointer
    /// For the child, which gets it by `SpawnOrder`; closed by whoever that is given to.
    let descriptor: Int32
    private let memory: UnsafeMutableRawPointer

    /// Makes two halves of `size` bytes; nothing of them takes memory before it is written. Throws what the system said.
    init(size: Int) throws(SpawnFailure) {
        var descriptor: Int32 = -1
        var memory: UnsafeMutableRawPointer?
        let failure = swiftlet_shared_memory(2 * size, &descriptor, &memory)
        guard failure == 0, let memory else { throw SpawnFailure(.preparation, -failure) }
        self.descriptor = descriptor
        self.memory = memory
        outgoing = UnsafeMutableRawBufferPointer(start: memory, count: size)
        incoming = UnsafeRawBufferPointer(start: memory + size, count: size)
    }

    deinit { munmap(memory, 2 * outgoing.count) }
}
