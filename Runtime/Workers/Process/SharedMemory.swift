import CSandbox
import Glibc

/// Memory that one worker reads request bodies from: written by the gateway alone, which the kernel sees to.
///
/// `@unchecked Sendable`: made once; who writes is the owner's business.
final class SharedMemory: @unchecked Sendable {
    /// All of it. Valid as long as this object.
    let bytes: UnsafeMutableRawBufferPointer
    /// For the child, which gets it by `SpawnOrder`; closed by whoever that is given to.
    let descriptor: Int32

    /// Makes it; nothing of it takes memory before it is written. Throws what the system said.
    init(size: Int) throws(SpawnFailure) {
        var descriptor: Int32 = -1
        var memory: UnsafeMutableRawPointer?
        let failure = swiftlet_shared_memory(size, &descriptor, &memory)
        guard failure == 0, let memory else { throw SpawnFailure(.preparation, -failure) }
        self.descriptor = descriptor
        bytes = UnsafeMutableRawBufferPointer(start: memory, count: size)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }
}
