import Glibc
import Synchronization

/// A server that reads one request after another from a connection and writes what its script answers, byte by byte
/// as given. One thread a connection.
final class TinyServer: Sendable {
    /// No socket, or no port, could be had.
    struct Failure: Error {}

    /// What a request gets; nil closes the connection at once, an empty answer keeps it silent.
    typealias Script = @Sendable (Request) -> [UInt8]?

    struct Request: Sendable {
        /// The first line.
        var line: String
        /// The header's lines.
        var headers: [String]
        var body: [UInt8]
        /// Which connection it came on, from 1.
        var connection: Int
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex((connections: 0, requests: [Request](), ended: 0))

    /// All requests that came, in their order.
    var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections were made.
    var connectionCount: Int { state.withLock { $0.connections } }
    /// How many connections have ended.
    var endedCount: Int { state.withLock { $0.ended } }

    var url: String { "http://127.0.0.1:\(port)" }

    init(_ script: @escaping Script) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw Failure()
        }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        startThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection < 0 { break }
                guard let self else {
                    close(connection)
                    break
                }
                let number = state.withLock { state in
                    state.connections += 1
                    return state.connections
                }
                startThread { [weak self] in
                    Self.serve(connection, number, script) { request in
                        self?.state.withLock { $0.requests.append(request) }
                    }
                    close(connection)
                    self?.state.withLock { $0.ended += 1 }
                }
            }
            close(descriptor)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func serve(
        _ connection: Int32, _ number: Int, _ script: Script, _ note: (Request) -> Void
    ) {
        var bytes: [UInt8] = []
        while true {
            let end: Int
            while true {
                if let found = headEnd(bytes) {
                    end = found
                    break
                }
                guard read(connection, into: &bytes) else { return }
            }
            let lines = String(decoding: bytes[..<(end - 4)], as: UTF8.self).split(separator: "\r\n").map(
                String.init)
            let lengths = lines.compactMap { line in
                line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
            }
            let length = lengths.first ?? 0
            while bytes.count < end + length { guard read(connection, into: &bytes) else { return } }
            let request = Request(
                line: lines.first ?? "", headers: Array(lines.dropFirst()),
                body: Array(bytes[end..<(end + length)]),
                connection: number)
            bytes.removeFirst(end + length)
            note(request)
            guard let answer = script(request) else { return }
            var sent = 0
            while sent < answer.count {
                let count = answer[sent...].withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return }
                sent += count
            }
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[($0 - 4)..<$0].elementsEqual([13, 10, 13, 10]) }
    }

    private static func read(_ connection: Int32, into bytes: inout [UInt8]) -> Bool {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = block.withUnsafeMutableBytes { Glibc.read(connection, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        bytes.append(contentsOf: block[..<count])
        return true
    }
}

/// Runs the work on a thread of its own.
private func startThread(_ work: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(work))
    let code = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().work() }
            return nil
        }, start.toOpaque())
    if code == 0 { pthread_detach(thread) } else { start.release() }
}
