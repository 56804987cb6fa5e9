import WorkerLoop

/// The addresses of hosts for half a minute, so that not every request asks a name server, and only one of many that
/// come together.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class NameCache: @unchecked Sendable {
    private typealias Waiting = CheckedContinuation<[String], any Error>

    private struct Entry {
        var addresses: [String]
        var end: LoopInstant
    }

    static let lifetime = Duration.seconds(30)
    static let capacity = 256

    private let loop: WorkerLoop
    private var entries: [String: Entry] = [:]
    /// Who waits for a host's addresses; a host that is here is being looked up.
    private var waiting: [String: [UInt64: Waiting]] = [:]
    private var lastWaiter: UInt64 = 0

    init(loop: WorkerLoop) { self.loop = loop }

    /// What libcurl has to be told so that it looks up no name (`CURLOPT_RESOLVE`); nil for a numeric host.
    ///
    /// Throws `HTTPClientError` of kinds `nameNotResolved` and `timedOut`, and `CancellationError`.
    func resolution(of address: RequestAddress, within limit: Duration) async throws -> String? {
        do {
            let addresses = try await addresses(of: address.host, within: limit)
            if addresses == [address.host] { return nil }
            let list = addresses.map { $0.utf8.contains(UInt8(ascii: ":")) ? "[\($0)]" : $0 }
            // The plus makes libcurl forget it after a while.
            return "+\(address.host):\(address.port):\(list.joined(separator: ","))"
        } catch let failure as HostLookupFailure {
            throw HTTPClientError(.nameNotResolved, "The host's name has no address (\(failure.reason))")
        } catch is DeadlineExceeded {
            throw HTTPClientError(.timedOut, "The host's name was not found in time")
        } catch let failure as SystemCallFailure {
            throw HTTPClientError(.nameNotResolved, "The host's name cannot be looked up (\(failure))")
        }
    }

    /// The host's addresses; a numeric host is its own. Throws `HostLookupFailure`, `DeadlineExceeded`, or
    /// `SystemCallFailure`.
    private func addresses(of host: String, within limit: Duration) async throws -> [String] {
        if let entry = entries[host], entry.end > loop.now() { return entry.addresses }
        return try await withDeadline(limit, on: loop) { [self] in try await wait(for: host) }
    }

    private func wait(for host: String) async throws -> [String] {
        lastWaiter += 1
        let id = lastWaiter
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isFirst = waiting[host] == nil
                waiting[host, default: [:]][id] = continuation
                if isFirst { lookUp(host) }
                if Task.isCancelled { cancel(id, of: host) }
            }
        } onCancel: {
            loop.post { [self] in cancel(id, of: host) }
        }
    }

    /// Asks once for all who wait, in a task of its own: the one who came first may leave before the answer comes.
    private func lookUp(_ host: String) {
        let loop = loop
        let work: @Sendable () async -> Void = { [self] in
            let result: Result<[String], any Error>
            do { result = .success(try await loop.resolve(host: host)) } catch { result = .failure(error) }
            deliver(result, host)
        }
        if WorkerLoop.global === loop {
            Task(operation: work)
        } else {
            Task(executorPreference: loop.taskExecutor, operation: work)
        }
    }

    private func deliver(_ result: Result<[String], any Error>, _ host: String) {
        if case .success(let addresses) = result {
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[host] = Entry(addresses: addresses, end: loop.now().advanced(by: Self.lifetime))
        }
        for waiter in (waiting.removeValue(forKey: host) ?? [:]).values { waiter.resume(with: result) }
    }

    private func cancel(_ id: UInt64, of host: String) {
        waiting[host]?.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }
}
