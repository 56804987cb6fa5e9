import Foundation

/// A keep-alive HTTP/1.1 client over one blocking TCP connection, for tests.
final class APIClient {
    private let descriptor: Int32
    private let prefix: String
    private let fields: [String]
    var buffer: [UInt8] = []
    private var room = [UInt8](repeating: 0, count: 256 * 1024)

    /// Connects to a port of loopback. Reads give up after `limit` seconds. `receiveBuffer`: how many bytes the kernel is
    /// to keep of what was not read yet, about; nil: as many as it likes. `prefix` goes before every target, and `headers`
    /// go along with every request.
    init(
        port: Int, limit: Int = 20, receiveBuffer: Int32? = nil, prefix: String = "", headers: [String] = []
    ) throws {
        self.prefix = prefix
        fields = headers
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var time = timeval(tv_sec: limit, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let why = String(cString: strerror(errno))
            close(descriptor)
            throw TestFailure("cannot connect to port \(port): \(why)")
        }
    }

    deinit { close(descriptor) }

    func get(_ target: String, headers: [String] = []) throws -> Answer {
        try send("GET", target, headers: headers)
    }

    func post(_ target: String, json: String, headers: [String] = []) throws -> Answer {
        try send("POST", target, headers: ["Content-Type: application/json"] + headers, body: Array(json.utf8))
    }

    func send(_ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil) throws -> Answer {
        let length = body.map { ["Content-Length: \($0.count)"] } ?? []
        try write(head(method, target, headers: headers + length) + (body ?? []))
        return try read(hasBody: method != "HEAD")
    }

    /// Sends a request's head and does not wait.
    func start(_ method: String, _ target: String, headers: [String] = []) throws {
        try write(head(method, target, headers: headers))
    }

    private func head(_ method: String, _ target: String, headers: [String]) -> [UInt8] {
        let lines = ["\(method) \(prefix)\(target) HTTP/1.1", "Host: localhost"] + fields + headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    func write(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                throw TestFailure("the connection takes no more: \(String(cString: strerror(errno)))")
            }
            offset += count
        }
    }

    /// Sends as much as the kernel takes at once; how many bytes that were.
    func writeSome(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)))
    }

    func read(hasBody: Bool = true) throws -> Answer {
        var answer = try readHead()
        if hasBody, let text = answer.header("content-length"), let length = Int(text) {
            while buffer.count < length { try fill() }
            answer.body = Array(buffer[..<length])
            buffer.removeSubrange(..<length)
        }
        return answer
    }

    /// Reads a response's head.
    func readHead() throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { try fill() }
        guard let range = buffer.firstRange(of: end) else { throw TestFailure("no head") }
        var lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        buffer.removeSubrange(..<range.upperBound)
        let first = lines.removeFirst().split(separator: " ")
        guard first.count >= 2, let status = Int(first[1]) else { throw TestFailure("no status line") }
        let headers = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                name: String(parts[0]).lowercased(),
                value: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            )
        }
        return Answer(status: status, headers: headers, body: [])
    }

    func fill() throws {
        guard try fillOrEnd() else { throw TestFailure("the connection was closed") }
    }

    /// False at the end of the connection.
    func fillOrEnd() throws -> Bool {
        let count = recv(descriptor, &room, room.count, 0)
        guard count >= 0 || errno == ECONNRESET else { throw TestFailure("no answer in time") }
        if count > 0 { buffer += room[..<count] }
        return count > 0
    }
}
