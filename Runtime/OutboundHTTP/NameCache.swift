import Synchronization
import WorkerLoop

/// The addresses of hosts for half a minute, so that not every request asks a name server.
final class NameCache: Sendable {
    private struct Entry {
        var addresses: [String]
        var end: LoopInstant
    }

    static let lifetime = Duration.seconds(30)
    static let capacity = 256

    private let loop: WorkerLoop
    private let entries = Mutex<[String: Entry]>([:])

    init(loop: WorkerLoop) { self.loop = loop }

    /// The host's addresses; a numeric host is its own. Throws `HostLookupFailure` or `DeadlineExceeded`.
    func addresses(of host: String, within limit: Duration) async throws -> [String] {
        let now = loop.now()
        let known = entries.withLock { entries -> [String]? in
            guard let entry = entries[host], entry.end > now else { return nil }
            return entry.addresses
        }
        if let known { return known }
        let loop = loop
        let found = try await withDeadline(limit, on: loop) { try await loop.resolve(host: host) }
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[host] = Entry(addresses: found, end: loop.now().advanced(by: Self.lifetime))
        }
        return found
    }
}
