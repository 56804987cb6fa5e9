import Glibc
import Synchronization

/// Stands before a server as a pooler does, and refuses sessions that begin with a certain setting; all others go on to
/// the server. One thread a connection; it ends when it goes out of use.
final class PickyFront: Sendable {
    /// No socket or no thread could be had.
    struct Failure: Error {}

    /// What its threads share.
    private final class Work: Sendable {
        let listener: Int32
        let path: String
        let setting: [UInt8]
        let refusals = Mutex(0)

        init(listener: Int32, path: String, setting: String) {
            self.listener = listener
            self.path = path
            self.setting = Array(setting.utf8)
        }

        deinit { close(listener) }
    }

    let port: Int
    private let work: Work

    /// How many sessions were refused.
    var refusals: Int { work.refusals.withLock { $0 } }

    init(to path: String, refusing setting: String) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        let work = Work(listener: listener, path: path, setting: setting)
        self.work = work
        try Self.startThread {
            while true {
                let client = accept(work.listener, nil, nil)
                guard client >= 0 else { break }
                try? Self.startThread { Self.serve(client, work) }
            }
        }
    }

    deinit { shutdown(work.listener, Int32(SHUT_RDWR)) }

    private static func serve(_ client: Int32, _ work: Work) {
        defer { close(client) }
        // A session begins with its length, four bytes, and what it wants (PostgreSQL manual, 55.7, StartupMessage).
        guard let head = receive(4, from: client),
            let rest = receive(head.reduce(0) { $0 << 8 | Int($1) } - 4, from: client)
        else { return }
        if rest.indices.contains(where: { rest[$0...].starts(with: work.setting) }) {
            work.refusals.withLock { $0 += 1 }
            let name = String(decoding: work.setting, as: UTF8.self)
            let text = "SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter in options: \(name)\0\0"
            var message = Array("E".utf8) + [0, 0]
            message += [UInt8((text.utf8.count + 4) >> 8), UInt8((text.utf8.count + 4) & 255)] + Array(text.utf8)
            send(client, message, message.count, Int32(MSG_NOSIGNAL))
            return
        }
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: work.path.utf8.prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected, sendAll(head + rest, to: server) else { return }
        pass(client, server)
    }

    /// Passes bytes on, both ways, until one side ends.
    private static func pass(_ client: Int32, _ server: Int32) {
        var room = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            var sides = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&sides, 2, -1) > 0 else { return }
            for (from, to) in [(0, 1), (1, 0)] where sides[from].revents != 0 {
                let count = recv(sides[from].fd, &room, room.count, 0)
                guard count > 0, sendAll(Array(room[..<count]), to: sides[to].fd) else { return }
            }
        }
    }

    private static func receive(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        guard (1...65_536).contains(count) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private static func sendAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    private static func startThread(_ work: @escaping @Sendable () -> Void) throws {
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
        guard code == 0 else {
            start.release()
            throw Failure()
        }
        pthread_detach(thread)
    }
}
