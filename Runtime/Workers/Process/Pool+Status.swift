import NIOCore
import Synchronization

// What a pool looks like at one moment.
extension Pool {
    /// The pool's state. Asks each worker for its own count of requests, and waits for the answers `within` so long.
    public func status(within time: Duration = .milliseconds(100)) async -> PoolStatus {
        let links = read { state in state.workers.compactMap { $0?.link } }
        let counts = await withCheckedContinuation { continuation in
            let census = Census(links.count) { continuation.resume(returning: $0) }
            guard let first = links.first else { return census.close() }
            for link in links {
                link.port.eventLoop.execute {
                    link.ask { census.count(link.key.number, link.handled) }
                }
            }
            _ = first.port.eventLoop.scheduleTask(in: .nanoseconds(Int64(clamping: time.nanoseconds))) {
                census.close()
            }
        }
        return read { state in
            PoolStatus(
                function: specification.function, revision: specification.revision,
                workers: Pool.workers(state, counts), inFlight: state.machine.workers.reduce(0) { $0 + $1.held },
                queued: state.machine.queued, coldStarts: state.coldStarts, crashes: state.crashes,
                failedStarts: state.failedStarts, retries: state.retries, latency: state.latency,
                isClosing: state.machine.isClosing)
        }
    }

    private static func workers(_ state: borrowing PoolState, _ counts: [Int: UInt64]) -> [WorkerStatus] {
        var found: [WorkerStatus] = []
        for index in state.machine.workers.indices {
            let record = state.machine.workers[index]
            let shown: WorkerStatus.State
            switch record.state {
            case .free: continue
            case .starting: shown = .starting
            case .serving: shown = record.held == 0 ? .ready : .busy
            case .draining: shown = .draining
            case .stuck: shown = .stuck
            case .ending: shown = .ending
            }
            found.append(
                WorkerStatus(
                    number: record.number, pid: state.workers[index]?.identity.pid ?? 0, state: shown,
                    loop: record.loop, inFlight: record.held, handled: counts[record.number] ?? record.answered))
        }
        return found.sorted { $0.number < $1.number }
    }
}

/// Gathers the workers' counts until all are there or the time is over.
private final class Census: Sendable {
    private struct State {
        var missing: Int
        var counts: [Int: UInt64] = [:]
        var done: (@Sendable ([Int: UInt64]) -> Void)?
    }
    private let state: Mutex<State>

    init(_ expected: Int, _ done: @escaping @Sendable ([Int: UInt64]) -> Void) {
        state = Mutex(State(missing: expected, done: done))
    }

    func count(_ worker: Int, _ handled: UInt64) {
        let isLast = state.withLock { state in
            state.counts[worker] = handled
            state.missing -= 1
            return state.missing == 0
        }
        if isLast { close() }
    }

    func close() {
        let (done, counts) = state.withLock { state in
            let done = state.done
            state.done = nil
            return (done, state.counts)
        }
        done?(counts)
    }
}
