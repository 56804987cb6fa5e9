import Glibc
import WireProtocol

/// The memory that the gateway puts request bodies into: descriptor 4, mapped for reading.
struct SharedBodies {
    /// The descriptor that the gateway hands down.
    private static let inherited: Int32 = 4

    private let memory: UnsafeRawBufferPointer

    /// Maps its `size` bytes and closes the descriptor; nil where that cannot be done.
    init?(size: Int) {
        let place = mmap(nil, size, PROT_READ, MAP_SHARED, SharedBodies.inherited, 0)
        close(SharedBodies.inherited)
        guard let place, place != MAP_FAILED else { return nil }
        memory = UnsafeRawBufferPointer(start: place, count: size)
    }

    /// The DATA frame that a SHARED_DATA frame stands for.
    func data(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer
    ) throws(FrameError) -> (header: FrameHeader, payload: UnsafeRawBufferPointer) {
        try SharedDataFrame(payload: payload).data(header, in: memory)
    }
}
