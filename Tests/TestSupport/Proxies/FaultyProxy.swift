import Glibc
import Synchronization

/// A proxy on a thread of its own that passes bytes on, late, not at all, or until it resets the connection.
///
/// It listens on a port of 127.0.0.1 that the system chose. It ends, with all its connections, when it goes out of use.
public final class FaultyProxy: Sendable {
    /// Where connections go.
    public enum Target: Sendable {
        /// A Unix socket by its path.
        case path(String)
        /// A TCP port of this machine.
        case port(Int)
    }

    /// No socket or no thread could be had.
    public struct Failure: Error {}

    struct Orders {
        /// Nanoseconds that each piece is kept, both ways.
        var delay: UInt64 = 0
        var isHolding = false
        var isRefusing = false
        var hasReset = false
        var isOver = false
        /// Connections that came so far.
        var accepted = 0
        /// Those that are open.
        var open = 0
    }

    /// The port that it listens on.
    public let port: Int
    let listener: Int32
    let target: Target
    let state: ProxyState

    /// Starts a proxy that passes everything on at once.
    public init(to target: Target) throws(Failure) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        var ends: [Int32] = [-1, -1]
        guard isBound, pipe(&ends) == 0 else {
            close(descriptor)
            throw Failure()
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        listener = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        self.target = target
        state = ProxyState(wakeRead: ends[0], wakeWrite: ends[1])
        guard ProxyThread(listener: listener, target: target, state: state).start() else {
            close(descriptor)
            throw Failure()
        }
    }

    deinit { tell { $0.isOver = true } }

    /// How many connections have come so far, also those that were refused.
    public var acceptedConnections: Int { state.orders.withLock { $0.accepted } }

    /// How many connections are open through it.
    public var openConnections: Int { state.orders.withLock { $0.open } }

    /// Keeps each piece for so long, both ways; 0 for not at all. What it has already keeps its time.
    public func delay(milliseconds: Int) { tell { $0.delay = UInt64(milliseconds) * 1_000_000 } }

    /// Takes nothing more and passes nothing on, and leaves all connections open. New ones are made, and silent.
    public func hold() { tell { $0.isHolding = true } }

    /// Ends all connections with a reset (RST), and those that come.
    public func refuse() {
        tell {
            $0.isRefusing = true
            $0.hasReset = true
        }
    }

    /// Ends all connections with a reset (RST); new ones are passed on.
    public func reset() { tell { $0.hasReset = true } }

    /// Passes everything on again, at once.
    public func pass() {
        tell {
            $0.delay = 0
            $0.isHolding = false
            $0.isRefusing = false
        }
    }

    private func tell(_ change: (inout Orders) -> Void) {
        state.orders.withLock { change(&$0) }
        state.wake()
    }

    static func prepareReset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// What a proxy and its thread share.
final class ProxyState: Sendable {
    let orders = Mutex(FaultyProxy.Orders())
    let wakeRead: Int32
    private let wakeWrite: Int32

    init(wakeRead: Int32, wakeWrite: Int32) {
        self.wakeRead = wakeRead
        self.wakeWrite = wakeWrite
    }

    deinit {
        close(wakeRead)
        close(wakeWrite)
    }

    func wake() {
        var byte: UInt8 = 0
        _ = write(wakeWrite, &byte, 1)
    }
}
