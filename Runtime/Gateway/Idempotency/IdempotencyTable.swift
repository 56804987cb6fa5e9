import Foundation
import GRDB
import WireProtocol

/// The statements on the file of keys, within a transaction of its owner's.
struct IdempotencyTable {
    /// What stands in the column `state`.
    private enum Code: Int64 {
        case running = 0
        case ending = 1
        case done = 2
    }

    let database: Database
    /// This process's number.
    let owner: UInt64

    /// Takes the key for the request where it is free.
    func begin(_ claim: IdempotencyClaim, now: UInt64) throws -> IdempotencyDecision {
        let record: IdempotencyRecord?
        do {
            record = try find(claim.scope)
        } catch let error as IdempotencyFileError {
            // This row only: the others may well be good.
            return .unavailable(cause: IdempotencyFileError.sentence(error))
        }
        let decision = IdempotencyRecord.decision(record, for: claim.fingerprint, owner: owner, now: now)
        guard decision == .run else { return decision }
        try execute(
            "REPLACE INTO records (scope, fingerprint, state, owner, expires) VALUES (?, ?, ?, ?, ?)",
            [
                Data(claim.scope.bytes), Data(claim.fingerprint.bytes), Code.running.rawValue,
                Int64(bitPattern: owner), Self.expiry(claim, now),
            ])
        return .run
    }

    /// Keeps the response; false where the key is not this process's.
    func finish(_ claim: IdempotencyClaim, _ response: StoredResponse, now: UInt64) throws -> Bool {
        try execute(
            """
            UPDATE records SET state = ?, status = ?, headers = ?, body = ?, expires = ?
            WHERE scope = ? AND state = ? AND owner = ?
            """,
            [
                Code.done.rawValue, Int64(response.status.code), Data(response.headers.packed), Data(response.body),
                Self.expiry(claim, now),
            ] + running(claim))
        return database.changesCount == 1
    }

    /// Frees the key.
    func release(_ claim: IdempotencyClaim) throws {
        try execute("DELETE FROM records WHERE scope = ? AND state = ? AND owner = ?", running(claim))
    }

    /// Frees the key at that time.
    func release(_ claim: IdempotencyClaim, at time: UInt64) throws {
        try execute(
            "UPDATE records SET state = ?, expires = ? WHERE scope = ? AND state = ? AND owner = ?",
            [Code.ending.rawValue, Self.stored(time)] + running(claim))
    }

    /// The request runs no more, and what came of it is not known.
    func abandon(_ claim: IdempotencyClaim) throws {
        try execute(
            "UPDATE records SET owner = ? WHERE scope = ? AND state = ? AND owner = ?",
            [Int64(bitPattern: IdempotencyRecord.nobody)] + running(claim))
    }

    /// Takes out what has expired, so many records at most; returns how many there were.
    func sweep(now: UInt64, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM records WHERE id IN (
                SELECT id FROM records WHERE expires <= ? AND NOT (state = ? AND owner = ?) ORDER BY expires LIMIT ?)
            """,
            [Self.stored(now), Code.running.rawValue, Int64(bitPattern: owner), Int64(limit)])
        return database.changesCount
    }

    // MARK: Rows

    private func find(_ scope: ScopedKey) throws -> IdempotencyRecord? {
        let statement = try database.cachedStatement(
            sql: "SELECT state, owner, expires, fingerprint, status, headers, body FROM records WHERE scope = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Data(scope.bytes)]) else { return nil }
        return try Self.record(row)
    }

    /// A value of another type than was written must not end the process, so each is asked whether it is one.
    private static func record(_ row: Row) throws -> IdempotencyRecord {
        guard let state = try state(row), let expires = whole(row, 2), let fingerprint = bytes(row, 3),
            fingerprint.count == 32
        else { throw IdempotencyFileError.nonsense }
        return IdempotencyRecord(
            fingerprint: RequestFingerprint(stored: fingerprint), state: state, expires: UInt64(max(0, expires)))
    }

    private static func state(_ row: Row) throws -> IdempotencyRecord.State? {
        guard let number = whole(row, 0), let owner = whole(row, 1) else { return nil }
        switch Code(rawValue: number) {
        case .running: return .running(owner: UInt64(bitPattern: owner))
        case .ending: return .ending
        case .done: return .done(try response(row))
        case nil: return nil
        }
    }

    private static func response(_ row: Row) throws -> StoredResponse {
        guard let status = whole(row, 4), (200...499).contains(status), let packed = bytes(row, 5),
            let headers = packed.withUnsafeBytes({ HeaderList(packed: $0) }), let body = bytes(row, 6)
        else { throw IdempotencyFileError.nonsense }
        return StoredResponse(status: Status(UInt16(status)), headers: headers, body: body)
    }

    private static func whole(_ row: Row, _ column: Int) -> Int64? {
        Int64.fromDatabaseValue(row[column] as DatabaseValue)
    }

    private static func bytes(_ row: Row, _ column: Int) -> [UInt8]? {
        Data.fromDatabaseValue(row[column] as DatabaseValue).map { [UInt8]($0) }
    }

    // MARK: Statements

    private func running(_ claim: IdempotencyClaim) -> [any DatabaseValueConvertible] {
        [Data(claim.scope.bytes), Code.running.rawValue, Int64(bitPattern: owner)]
    }

    private func execute(_ sql: String, _ arguments: [any DatabaseValueConvertible]) throws {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    private static func expiry(_ claim: IdempotencyClaim, _ now: UInt64) -> Int64 {
        let (time, isOver) = now.addingReportingOverflow(claim.lifetimeMilliseconds)
        return isOver ? .max : stored(time)
    }

    private static func stored(_ time: UInt64) -> Int64 { Int64(clamping: time) }
}
