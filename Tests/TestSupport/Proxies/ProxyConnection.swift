import Glibc

/// A connection through a `FaultyProxy`: what comes from each side goes to the other, when its time has come.
struct ProxyConnection {
    /// One way of it.
    struct Way {
        let source: Int32
        let target: Int32
        /// What has come and not yet gone, with the time at which it may, in nanoseconds.
        private var chunks: [(due: UInt64, bytes: [UInt8])] = []
        private var queued = 0
        private var hasEnded = false
        private var hasPassedEnd = false

        init(from source: Int32, to target: Int32) {
            self.source = source
            self.target = target
        }

        var isOver: Bool { hasPassedEnd }
        /// Whether more may be read: a side that does not take what it gets must not fill the memory.
        var wantsMore: Bool { !hasEnded && queued < 1 << 20 }
        /// When the next piece may go; nil when there is none.
        var due: UInt64? { chunks.first?.due ?? (hasEnded && !hasPassedEnd ? 0 : nil) }

        /// Takes what has come; false when the connection is broken.
        mutating func receive(due: UInt64) -> Bool {
            var room = [UInt8](repeating: 0, count: 64 << 10)
            while wantsMore {
                let count = recv(source, &room, room.count, Int32(MSG_DONTWAIT))
                if count > 0 {
                    chunks.append((due, Array(room[..<count])))
                    queued += count
                } else if count == 0 {
                    hasEnded = true
                } else {
                    return errno == EAGAIN || errno == EINTR
                }
            }
            return true
        }

        /// Passes on what is due; false when the connection is broken.
        mutating func send(at now: UInt64) -> Bool {
            while let (due, bytes) = chunks.first, due <= now {
                let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
                let count = Glibc.send(target, bytes, bytes.count, flags)
                guard count > 0 else { return errno == EAGAIN || errno == EINTR }
                queued -= count
                if count == bytes.count {
                    chunks.removeFirst()
                } else {
                    chunks[0].bytes = Array(bytes[count...])
                }
            }
            if hasEnded, chunks.isEmpty, !hasPassedEnd {
                hasPassedEnd = true
                shutdown(target, Int32(SHUT_WR))
            }
            return true
        }
    }

    var forth: Way
    var back: Way

    init(client: Int32, server: Int32) {
        forth = Way(from: client, to: server)
        back = Way(from: server, to: client)
    }

    var client: Int32 { forth.source }
    var server: Int32 { forth.target }
    var isOver: Bool { forth.isOver && back.isOver }

    /// Closes both sides, with a reset (RST) if asked.
    func close(resetting: Bool) {
        for descriptor in [client, server] {
            if resetting { FaultyProxy.prepareReset(descriptor) }
            Glibc.close(descriptor)
        }
    }
}
