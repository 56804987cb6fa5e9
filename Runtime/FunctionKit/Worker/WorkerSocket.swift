import Glibc
import WorkerLoop

/// The socket that the gateway gives each worker: descriptor 3, a stream, non-blocking.
struct WorkerSocket: Sendable {
    /// The descriptor's number.
    let descriptor: Int32

    /// What came of a read.
    enum Reading: Equatable {
        case bytes(Int)
        /// Nothing at the moment.
        case nothing
        /// The gateway is gone.
        case end
    }

    /// What came of a write.
    enum Writing: Equatable {
        case bytes(Int)
        /// The socket takes no more at the moment.
        case full
        /// The gateway is gone.
        case end
    }

    /// The descriptor that the gateway hands down.
    static let inherited: Int32 = 3

    /// Takes over descriptor `descriptor`; nil when that is no stream socket. No program that the handler starts gets it.
    init?(_ descriptor: Int32 = WorkerSocket.inherited) {
        var kind: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0,
            kind == Int32(SOCK_STREAM.rawValue)
        else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        self.descriptor = descriptor
    }

    /// Reads once.
    func read(into memory: UnsafeMutableRawBufferPointer) -> Reading {
        let count = recv(descriptor, memory.baseAddress, memory.count, 0)
        if count > 0 { return .bytes(count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
        return .end
    }

    /// As `read`, and takes the descriptor that the gateway hands over with its first frame; nil where none came. It is the
    /// caller's to close.
    func readFirst(into memory: UnsafeMutableRawBufferPointer) -> (reading: Reading, descriptor: Int32?) {
        let (count, descriptor) = WorkerLoop.receive(from: self.descriptor, into: memory)
        let found = descriptor < 0 ? nil : descriptor
        if count > 0 { return (.bytes(count), found) }
        return (count == -EAGAIN || count == -EINTR ? .nothing : .end, found)
    }

    /// Writes all of these bytes, or as many of them as the socket takes, with one call.
    func write(_ bytes: UnsafeRawBufferPointer) -> Writing {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .full }
            if errno != EINTR { return .end }
        }
    }
}
