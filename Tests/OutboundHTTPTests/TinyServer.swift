import Glibc
import Synchronization

/// A server of the tests' own on a free port of the loopback: what it says to each connection is a closure's business.
/// One thread a connection.
final class TinyServer: Sendable {
    /// No socket, or no port, could be had.
    struct Failure: Error {}

    /// What a request gets; nil closes the connection at once, an empty answer keeps it silent.
    typealias Script = @Sendable (TinyPeer.Request) -> [UInt8]?
    /// All that is said on a connection; it is closed when the closure returns.
    typealias Conversation = @Sendable (TinyPeer, TinyServer) -> Void

    let port: UInt16
    private let listener: Listener
    private let state = Mutex((connections: 0, requests: [TinyPeer.Request](), ended: 0))

    /// All requests that came, in their order.
    var requests: [TinyPeer.Request] { state.withLock { $0.requests } }
    /// How many connections were made.
    var connectionCount: Int { state.withLock { $0.connections } }
    /// How many connections have ended.
    var endedCount: Int { state.withLock { $0.ended } }

    var url: String { "http://127.0.0.1:\(port)" }

    /// A server that answers one request after another, byte for byte as the script says.
    convenience init(_ script: @escaping Script) throws {
        try self.init(talking: { peer, server in
            while let request = peer.receiveRequest() {
                server.note(request)
                guard let answer = script(request), peer.send(answer) else { return }
            }
        })
    }

    init(talking conversation: @escaping Conversation) throws {
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
        let listener = Listener(descriptor: descriptor)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        startThread { [weak self] in
            while true {
                let connection = accept(listener.descriptor, nil, nil)
                if connection < 0 { break }
                guard let self else {
                    close(connection)
                    break
                }
                let number = state.withLock { state in
                    state.connections += 1
                    return state.connections
                }
                startThread { [self] in
                    let peer = TinyPeer(descriptor: connection, number: number)
                    conversation(peer, self)
                    peer.close()
                    state.withLock { $0.ended += 1 }
                }
            }
        }
    }

    deinit { shutdown(listener.descriptor, Int32(SHUT_RDWR)) }

    /// Closed when neither the server nor its thread needs it: its number must not be somebody else's by then.
    private final class Listener: Sendable {
        let descriptor: Int32
        init(descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    func note(_ request: TinyPeer.Request) { state.withLock { $0.requests.append(request) } }

    /// How many descriptors of this process lead to the server.
    var clientDescriptors: Int {
        (0..<4096).count { descriptor in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getpeername(Int32(descriptor), $0, &length) == 0
                }
            }
            return isKnown && address.sin_family == sa_family_t(AF_INET)
                && UInt16(bigEndian: address.sin_port) == port
        }
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
