import Glibc
import Synchronization

/// A service for exchange rates on a port of its own: one request a connection, answered byte for byte by its script.
///
/// It ends when it goes out of use.
public final class RatesServer: Sendable {
    /// No socket, or no port, could be had.
    public struct Failure: Error {}

    /// What the request with this first line gets; empty keeps the connection open and silent until the client goes.
    public typealias Script = @Sendable (_ line: String) -> String

    /// Where it listens.
    public let port: UInt16
    private let listener: Int32
    private let received = Mutex<[String]>([])
    private let isStopped = Atomic<Bool>(false)

    /// The heads of the requests that came, in their order, with their lines apart by CR and LF.
    public var heads: [String] { received.withLock { $0 } }
    /// Their first lines.
    public var requests: [String] { heads.map { String($0.prefix { $0 != "\r\n" }) } }
    /// Its address, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts one.
    public init(_ script: @escaping Script) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw Failure()
        }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        Self.startThread { [weak self] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                Self.startThread { [weak self] in
                    Self.serve(connection, script) { head in self?.received.withLock { $0.append(head) } }
                    close(connection)
                }
            }
            close(descriptor)
        }
    }

    deinit { stop() }

    /// Listens no more: connections are refused from here on.
    public func stop() {
        // Once: the thread closes the descriptor then, and its number may be another one's by the next time.
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// An answer with this status line and body.
    public static func answer(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private static func serve(_ connection: Int32, _ script: Script, _ note: (String) -> Void) {
        var text = ""
        while !text.hasSuffix("\r\n\r\n") {
            guard let more = receive(connection) else { return }
            text += more
        }
        let line = String(text.prefix { $0 != "\r\n" })
        note(text)
        let answer = Array(script(line).utf8)
        var sent = 0
        while sent < answer.count {
            let count = answer[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
        if answer.isEmpty { while receive(connection) != nil {} }
    }

    private static func receive(_ connection: Int32) -> String? {
        var room = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &room, room.count, 0)
        return count > 0 ? String(decoding: room[..<count], as: UTF8.self) : nil
    }

    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func startThread(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(run))
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        if code == 0 { pthread_detach(thread) } else { work.release() }
    }
}
