import Glibc
import WireProtocol

/// The memory that the gateway shares with this worker, for bodies in both directions.
struct SharedBodies {
    /// For bodies to the gateway.
    let outgoing: UnsafeMutableRawBufferPointer
    private let incoming: UnsafeRawBufferPointer

    /// Maps two halves of `size` bytes, until the end of the process; nil where that cannot be done.
    init?(_ descriptor: Int32, size: Int) {
        let place = mmap(nil, 2 * size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let place, place != MAP_FAILED else { return nil }
        incoming = UnsafeRawBufferPointer(start: place, count: size)
        outgoing = UnsafeMutableRawBufferPointer(start: place + size, count: size)
    }

    /// The DATA frame that a SHARED_DATA frame stands for.
    func data(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer
    ) throws(FrameError) -> (header: FrameHeader, payload: UnsafeRawBufferPointer) {
        try SharedDataFrame(payload: payload).data(header, in: incoming)
    }
}
