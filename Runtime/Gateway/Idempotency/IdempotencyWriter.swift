import GRDB

/// Does what the store is asked for, many requests in one transaction. Used on the store's queue only.
///
/// A file that cannot be opened is tried again, at most once a second, so that the store mends itself when the fault
/// does. Until then keys are refused: to begin anew with an empty file would run again what had run before, in silence.
struct IdempotencyWriter {
    /// Told about the file: what is wrong with it, and nil when it is good again.
    let report: @Sendable (String?) -> Void
    let path: String
    let limit: Int
    /// This process's number, never `nobody`.
    let owner: UInt64
    private var database: DatabaseQueue?
    /// What is wrong at present.
    private var fault: String?
    /// When it was tried to open the file, in the time of the requests.
    private var tried: UInt64?
    /// The time that the last request came with.
    private var now: UInt64 = 0
    private var swept: UInt64 = 0
    private var hasExpired = false
    /// What could not be written: done before anything else once the file is good.
    private var owed: [IdempotencyOperation] = []

    /// How many are owed at most; a key beyond that stays taken until the process ends.
    static let mostOwed = 10_000
    /// How often expired records are looked for, in milliseconds.
    static let sweepEvery: UInt64 = 10_000
    /// How many records are taken out at a time, at least.
    static let sweepAtLeast = 64

    init(path: String, limit: Int, owner: UInt64, report: @escaping @Sendable (String?) -> Void) {
        self.path = path
        self.limit = limit
        self.owner = owner == IdempotencyRecord.nobody ? 1 : owner
        self.report = report
    }

    /// Opens the file, so that what is wrong with it is known before the first request.
    mutating func open() {
        guard database == nil else { return }
        do {
            database = try IdempotencyFile.open(path, limit: limit)
            tell(nil)
        } catch {
            tell(IdempotencyFileError.sentence(error))
        }
    }

    /// Closes the file; the next request would open it again.
    mutating func close() {
        try? database?.close()
        database = nil
    }

    /// Does all of them, and then tells who asked.
    mutating func apply(_ operations: [IdempotencyOperation]) {
        for case .begin(_, let time, _) in operations { now = time }
        reopen()
        guard let database else { return refuse(operations, fault ?? "the file of idempotency keys is closed") }
        let owed = owed
        do {
            let results = try write(owed + operations, database)
            self.owed.removeAll()
            tell(nil)
            for (operation, result) in zip(operations, results.dropFirst(owed.count)) { operation.complete(result) }
        } catch {
            if IdempotencyFileError.isFull(error), owed.count + operations.count > 1 {
                // A large response has no room; small ones may have.
                self.owed.removeAll()
                for operation in owed + operations { alone(operation, database) }
            } else {
                failed(operations, error)
            }
        }
        if now >= swept &+ Self.sweepEvery || now < swept { hasExpired = true }
    }

    /// Takes out some of what has expired; false when there was nothing left to do.
    mutating func sweep(_ atLeast: Int = sweepAtLeast) -> Bool {
        guard hasExpired, let database else { return false }
        hasExpired = false
        swept = now
        let limit = max(Self.sweepAtLeast, atLeast)
        do {
            let count = try database.inImmediateTransaction(owner) { [now] in try $0.sweep(now: now, limit: limit) }
            hasExpired = count >= limit
        } catch {
            // Whoever comes next meets the same fault and is told.
        }
        return hasExpired
    }

    // MARK: The file

    private func write(
        _ operations: [IdempotencyOperation], _ database: DatabaseQueue
    ) throws -> [IdempotencyOperation.Result] {
        try database.inImmediateTransaction(owner) { table in
            var results: [IdempotencyOperation.Result] = []
            results.reserveCapacity(operations.count)
            for operation in operations { results.append(try operation.apply(to: table)) }
            return results
        }
    }

    private mutating func alone(_ operation: IdempotencyOperation, _ database: DatabaseQueue) {
        do {
            let results = try write([operation], database)
            for result in results { operation.complete(result) }
        } catch {
            failed([operation], error)
        }
    }

    private mutating func failed(_ operations: [IdempotencyOperation], _ error: any Error) {
        let sentence = IdempotencyFileError.sentence(error)
        tell(sentence)
        refuse(operations, sentence)
        // Anything but a lack of room may be mended by opening the file anew.
        if !IdempotencyFileError.isFull(error) { close() }
    }

    private mutating func refuse(_ operations: [IdempotencyOperation], _ sentence: String) {
        for operation in operations {
            if let rest = operation.fail(cause: sentence), owed.count < Self.mostOwed { owed.append(rest) }
        }
    }

    private mutating func reopen() {
        guard database == nil else { return }
        if let tried, now >= tried, now - tried < 1000 { return }
        tried = now
        open()
    }

    private mutating func tell(_ sentence: String?) {
        guard sentence != fault else { return }
        fault = sentence
        report(sentence)
    }
}

extension DatabaseQueue {
    /// One transaction on the table of keys; nothing of it stays when `body` throws.
    fileprivate func inImmediateTransaction<Value>(
        _ owner: UInt64, _ body: (IdempotencyTable) throws -> Value
    ) throws -> Value {
        try writeWithoutTransaction { database in
            var value: Value?
            try database.inTransaction(.immediate) {
                value = try body(IdempotencyTable(database: database, owner: owner))
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return value
        }
    }
}
