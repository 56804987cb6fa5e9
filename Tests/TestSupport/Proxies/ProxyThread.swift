import Glibc

/// The thread of a `FaultyProxy`.
final class ProxyThread {
    private let listener: Int32
    private let target: FaultyProxy.Target
    private let state: ProxyState
    private var connections: [ProxyConnection] = []

    init(listener: Int32, target: FaultyProxy.Target, state: ProxyState) {
        self.listener = listener
        self.target = target
        self.state = state
    }

    /// Starts it; false when there is no thread to be had.
    func start() -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ProxyThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        while true {
            let orders = state.orders.withLock { orders in
                defer { orders.hasReset = false }
                orders.open = connections.count
                return orders
            }
            if orders.isOver { break }
            if orders.hasReset { endAll(resetting: true) }
            wait(orders)
        }
        endAll(resetting: false)
        close(listener)
    }

    private func wait(_ orders: FaultyProxy.Orders) {
        var entries = [
            pollfd(fd: state.wakeRead, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        ]
        var timeout: Int32 = -1
        let before = Self.now
        for connection in connections {
            entries.append(entry(connection.forth, connection.back, orders, before, &timeout))
            entries.append(entry(connection.back, connection.forth, orders, before, &timeout))
        }
        guard poll(&entries, nfds_t(entries.count), timeout) >= 0 else { return }
        if entries[0].revents != 0 {
            var room = [UInt8](repeating: 0, count: 64)
            while read(state.wakeRead, &room, room.count) > 0 {}
        }
        // Orders that came meanwhile count for what came meanwhile.
        let orders = state.orders.withLock { $0 }
        if !orders.isHolding, !orders.hasReset { pass(orders) }
        if entries[1].revents != 0 { accept(orders) }
    }

    /// What to wait for at the source of a way, which is the target of the other.
    private func entry(
        _ way: ProxyConnection.Way, _ other: ProxyConnection.Way, _ orders: FaultyProxy.Orders, _ now: UInt64,
        _ timeout: inout Int32
    ) -> pollfd {
        if orders.isHolding { return pollfd(fd: -1, events: 0, revents: 0) }
        var events: Int32 = way.wantsMore ? Int32(POLLIN) : 0
        if let due = other.due {
            if due <= now {
                events |= Int32(POLLOUT)
            } else {
                let milliseconds = Int32(clamping: (due - now + 999_999) / 1_000_000)
                timeout = timeout < 0 ? milliseconds : min(timeout, milliseconds)
            }
        }
        return pollfd(fd: events == 0 ? -1 : way.source, events: Int16(events), revents: 0)
    }

    private func pass(_ orders: FaultyProxy.Orders) {
        let now = Self.now
        let due = now + orders.delay
        connections = connections.compactMap { connection in
            var connection = connection
            let isWhole =
                connection.forth.receive(due: due) && connection.back.receive(due: due)
                && connection.forth.send(at: now) && connection.back.send(at: now)
            if isWhole, !connection.isOver { return connection }
            connection.close(resetting: !isWhole)
            return nil
        }
    }

    private func accept(_ orders: FaultyProxy.Orders) {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        state.orders.withLock { $0.accepted += 1 }
        guard !orders.isRefusing, let server = connect() else {
            FaultyProxy.prepareReset(client)
            close(client)
            return
        }
        connections.append(ProxyConnection(client: client, server: server))
    }

    private func connect() -> Int32? {
        switch target {
        case .path(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { room in
                room.copyBytes(from: path.utf8.prefix(room.count - 1))
            }
            return connect(AF_UNIX, &address)
        case .port(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            return connect(AF_INET, &address)
        }
    }

    private func connect<Address>(_ family: Int32, _ address: inout Address) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        if code == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private func endAll(resetting: Bool) {
        for connection in connections { connection.close(resetting: resetting) }
        connections = []
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
