import Glibc

/// A blocking client socket for tests: sends what it is told, byte for byte, and waits no longer than its limit.
///
/// It closes when it goes out of use.
public final class RawSocket {
    let descriptor: Int32
    /// What has been received and not yet taken.
    var received: [UInt8] = []
    private var isClosed = false

    /// Connects to a TCP port of this machine.
    public convenience init(port: Int) throws(RawSocketFailure) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try self.init(descriptor: descriptor, connected: result)
    }

    /// Connects to a Unix socket.
    public convenience init(path: String) throws(RawSocketFailure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: path.utf8.prefix(room.count - 1))
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try self.init(descriptor: descriptor, connected: result)
    }

    private init(descriptor: Int32, connected: Int32) throws(RawSocketFailure) {
        self.descriptor = descriptor
        guard descriptor >= 0, connected == 0 else {
            let number = errno
            if descriptor >= 0 { Glibc.close(descriptor) }
            isClosed = true
            throw .system("connect", number)
        }
    }

    deinit { close() }

    /// Sends all of the bytes; waits 10 s at most for the peer to take them.
    public func send(_ bytes: [UInt8]) throws(RawSocketFailure) { try send(bytes, Int32(MSG_NOSIGNAL)) }

    private func send(_ bytes: [UInt8], _ flags: Int32) throws(RawSocketFailure) {
        var sent = 0
        while sent < bytes.count {
            try wait(for: Int16(POLLOUT), milliseconds: 10_000)
            let count = bytes.withUnsafeBytes { bytes in
                // Safe: `sent` is below the count, so there are bytes and an address.
                Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, flags)
            }
            guard count > 0 else { throw .system("send", errno) }
            sent += count
        }
    }

    /// Sends the text's UTF-8.
    public func send(_ text: String) throws(RawSocketFailure) { try send(Array(text.utf8)) }

    /// Sends as much as the socket takes without waiting; how many bytes that was.
    public func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return max(0, Glibc.send(descriptor, bytes, bytes.count, flags))
    }

    /// Sends as much as the system takes with nobody reading it; how many bytes that was. It has taken all that it
    /// takes when there is no room for 100 ms.
    public func sendUntilFull(_ bytes: [UInt8]) throws(RawSocketFailure) -> Int {
        var sent = 0
        while sent < bytes.count {
            do throws(RawSocketFailure) {
                try wait(for: Int16(POLLOUT), milliseconds: 100)
            } catch .timedOut {
                break
            }
            sent += sendWithoutWaiting(Array(bytes[sent...]))
        }
        return sent
    }

    /// Sends what is small at once, too, so that each piece is a packet of its own (TCP_NODELAY).
    public func sendAtOnce() {
        var value: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Closes our side only (FIN); the peer's can still be received.
    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Sends the text and closes our side in one segment: the peer never sees the one without the other. Only for TCP,
    /// and for less than a segment.
    public func sendLast(_ text: String) throws(RawSocketFailure) {
        try send(Array(text.utf8), Int32(MSG_NOSIGNAL) | Int32(MSG_MORE))
        finishSending()
    }

    /// Closes both sides.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    /// Closes with a reset (RST).
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Makes the kernel keep at most about so many bytes that we have not read. Set before much is received.
    public func limitReceiveBuffer(to bytes: Int) {
        var value = Int32(truncatingIfNeeded: bytes)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Receives what there is, waiting for it; false at the end of the peer's side.
    func receiveMore(milliseconds: Int) throws(RawSocketFailure) -> Bool {
        try wait(for: Int16(POLLIN), milliseconds: milliseconds)
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &room, room.count, 0)
        guard count >= 0 else { throw .system("receive", errno) }
        received += room[..<count]
        return count > 0
    }

    private func wait(for events: Int16, milliseconds: Int) throws(RawSocketFailure) {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let ready = poll(&entry, 1, Int32(truncatingIfNeeded: milliseconds))
            if ready > 0 { return }
            if ready == 0 { throw .timedOut(received: String(decoding: received, as: UTF8.self)) }
            if errno != EINTR { throw .system("poll", errno) }
        }
    }
}
