import Glibc
import Synchronization

/// One connection of a `TinyServer`, used by its thread.
final class TinyPeer {
    struct Request: Sendable {
        /// The first line.
        var line: String
        /// The header's lines.
        var headers: [String]
        var body: [UInt8]
        /// Which connection it came on, from 1.
        var connection: Int

        /// The first value of that field, given in lower case.
        func header(_ name: String) -> String? {
            headers.lazy.compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name else { return nil }
                return String(parts[1].drop { $0 == " " })
            }.first
        }
    }

    let number: Int
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var isClosed = false

    init(descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
    }

    /// One request with its body; nil when the client has gone.
    func receiveRequest() -> Request? {
        guard var request = receiveHead() else { return nil }
        if request.header("transfer-encoding") == "chunked" {
            while true {
                guard let line = receiveLine(), let size = Int(line, radix: 16), let part = receive(size),
                    receiveLine() == ""
                else { return nil }
                if size == 0 { return request }
                request.body += part
            }
        }
        guard let body = receive(request.header("content-length").flatMap { Int($0) } ?? 0) else { return nil }
        request.body = body
        return request
    }

    /// One request's head.
    func receiveHead() -> Request? {
        var lines: [String] = []
        while let line = receiveLine() {
            if !line.isEmpty {
                lines.append(line)
            } else if let first = lines.first {
                return Request(line: first, headers: Array(lines.dropFirst()), body: [], connection: number)
            }
        }
        return nil
    }

    /// So many bytes.
    func receive(_ count: Int) -> [UInt8]? {
        while bytes.count < count { guard receiveMore() else { return nil } }
        defer { bytes.removeFirst(count) }
        return Array(bytes[..<count])
    }

    /// Reads on, and drops it, until the client has gone; how much that was.
    func drain() -> Int {
        var count = bytes.count
        bytes = []
        while receiveMore() {
            count += bytes.count
            bytes = []
        }
        return count
    }

    /// Sends all of it, waiting as long as it takes; false when the client has gone.
    func send(_ answer: [UInt8]) -> Bool {
        var sent = 0
        while sent < answer.count {
            let count = answer[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Whether the client's side takes no more at the moment.
    var isBlocked: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    /// Closes with a reset (RST).
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    private func receiveLine() -> String? {
        while true {
            if let end = bytes.firstIndex(of: 10) {
                var line = bytes[..<end]
                if line.last == 13 { line.removeLast() }
                defer { bytes.removeFirst(end + 1) }
                return String(decoding: line, as: UTF8.self)
            }
            guard receiveMore() else { return nil }
        }
    }

    private func receiveMore() -> Bool {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        bytes.append(contentsOf: block[..<count])
        return true
    }
}

/// Opened once, from any thread; others wait for it.
final class Gate: Sendable {
    private let flag = Atomic<Bool>(false)

    var isOpen: Bool { flag.load(ordering: .acquiring) }

    func open() { flag.store(true, ordering: .releasing) }

    /// Waits on the calling thread, for 20 s at most.
    func wait() {
        for _ in 0..<20_000 where !isOpen { usleep(1000) }
    }
}
