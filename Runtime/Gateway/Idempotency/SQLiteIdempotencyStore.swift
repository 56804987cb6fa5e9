import Foundation
import Synchronization

/// Keys and responses in one SQLite file, by default `.swiftlet/idempotency.sqlite`.
///
/// What is asked for while one transaction is written goes into the next one together, so that a wait for the disk is
/// shared by all who wait. The file is opened when the store is made. One that is damaged, locked by another gateway or
/// cannot be written is reported and refuses keys with 503 until it is good; it is never replaced by an empty one.
///
/// The file's size is limited: beyond it new keys are refused with 503 until others have expired, for a key that is
/// forgotten early is an effect that happens twice. Room that expired records leave is used again.
public final class SQLiteIdempotencyStore: IdempotencyStore {
    private struct Inbox {
        var operations: [IdempotencyOperation] = []
        /// How many of them begin something.
        var begins = 0
        /// Whether the queue is at it already.
        var isScheduled = false
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    private let writer: Mutex<IdempotencyWriter>
    private let queue = DispatchQueue(label: "idempotency", qos: .userInitiated)
    private let mostWaiting: Int

    /// How many operations one transaction holds at most.
    private static let batch = 1024

    /// The store in that file.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must be there.
    ///   - limit: how large the file may grow, in bytes; default 1 GiB.
    ///   - mostWaiting: how many requests wait for the file at most; beyond that they are refused with 503.
    ///   - owner: this process's number, which no process before it had; default: a random one.
    ///   - report: hears, on a thread of the store's, what is wrong with the file, as a sentence for the log, and nil
    ///     when it is good again; once each time that changes.
    public init(
        path: String, limit: Int = 1 << 30, mostWaiting: Int = 10_000, owner: UInt64 = .random(in: 1...(.max)),
        report: @escaping @Sendable (String?) -> Void
    ) {
        self.mostWaiting = mostWaiting
        writer = Mutex(IdempotencyWriter(path: path, limit: limit, owner: owner, report: report))
        queue.async { self.writer.withLock { $0.open() } }
    }

    /// Writes what was asked for, closes the file and blocks until then; afterwards keys are refused. Not to be
    /// called from a completion.
    public func close() {
        inbox.withLock { $0.isClosed = true }
        queue.sync {
            drain()
            writer.withLock { $0.close() }
        }
    }

    /// See `IdempotencyStore`.
    public func begin(
        _ claim: IdempotencyClaim, unixMilliseconds: UInt64,
        completion: @escaping @Sendable (IdempotencyDecision) -> Void
    ) {
        let refusal: IdempotencyDecision? = inbox.withLock { inbox in
            if inbox.isClosed { return .unavailable(cause: "the file of idempotency keys is closed") }
            if inbox.begins >= mostWaiting { return .overloaded }
            inbox.begins += 1
            add(.begin(claim, now: unixMilliseconds, completion), to: &inbox)
            return nil
        }
        if let refusal { completion(refusal) }
    }

    /// See `IdempotencyStore`.
    public func finish(
        _ claim: IdempotencyClaim, _ response: StoredResponse, unixMilliseconds: UInt64,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let isTaken = add(.finish(claim, response, now: unixMilliseconds, completion))
        if !isTaken { completion(false) }
    }

    /// See `IdempotencyStore`.
    public func release(_ claim: IdempotencyClaim, afterMilliseconds: UInt64, unixMilliseconds: UInt64) {
        _ = add(.release(claim, at: afterMilliseconds == 0 ? nil : unixMilliseconds &+ afterMilliseconds))
    }

    /// See `IdempotencyStore`.
    public func abandon(_ claim: IdempotencyClaim) { _ = add(.abandon(claim)) }

    // MARK: The queue

    /// False once the store is closed.
    private func add(_ operation: IdempotencyOperation) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            add(operation, to: &inbox)
            return true
        }
    }

    private func add(_ operation: IdempotencyOperation, to inbox: inout Inbox) {
        inbox.operations.append(operation)
        guard !inbox.isScheduled else { return }
        inbox.isScheduled = true
        queue.async { self.drain() }
    }

    /// Works until nothing is left; on the queue only.
    private func drain() {
        var last = 0
        while true {
            let operations = take()
            if operations.isEmpty {
                // Only while nobody waits, a little at a time.
                if writer.withLock({ $0.sweep() }) { continue }
                if inbox.withLock({ inbox in
                    inbox.isScheduled = !inbox.operations.isEmpty
                    return !inbox.isScheduled
                }) {
                    return
                }
                continue
            }
            last = operations.count
            writer.withLock { $0.apply(operations) }
            // More goes than came, also when there is never a pause.
            _ = writer.withLock { $0.sweep(last * 2) }
        }
    }

    private func take() -> [IdempotencyOperation] {
        inbox.withLock { inbox in
            guard inbox.operations.count > Self.batch else {
                var taken: [IdempotencyOperation] = []
                swap(&taken, &inbox.operations)
                inbox.begins = 0
                return taken
            }
            let taken = Array(inbox.operations.prefix(Self.batch))
            inbox.operations.removeFirst(Self.batch)
            for case .begin in taken { inbox.begins -= 1 }
            return taken
        }
    }
}
