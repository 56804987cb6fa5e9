import Foundation
import Synchronization
import WireProtocol

@testable import Gateway

/// A folder with a file of keys in it, gone with the fixture.
final class IdempotencyFixture: Sendable {
    let folder: String
    /// What the stores reported, in order.
    let reports = Mutex<[String?]>([])

    var path: String { folder + "/idempotency.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "/idempotency-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func store(
        owner: UInt64 = 1, limit: Int = 1 << 30, mostWaiting: Int = 10_000, path: String? = nil
    ) -> SQLiteIdempotencyStore {
        SQLiteIdempotencyStore(path: path ?? self.path, limit: limit, mostWaiting: mostWaiting, owner: owner) {
            report in
            self.reports.withLock { $0.append(report) }
        }
    }

    /// A request of caller 42 with that key and body, good for a minute.
    static func claim(_ key: String, body: [UInt8] = [], lifetime: UInt64 = 60_000) throws -> IdempotencyClaim {
        let key = try Array(key.utf8).withUnsafeBytes { try IdempotencyKey($0) }
        let request = IncomingRequest(method: .post, path: Array("/users".utf8))
        return IdempotencyClaim(
            scope: ScopedKey(key, function: "CreateUser", caller: "42", by: .jwt),
            fingerprint: RequestFingerprint(request, body: body), lifetimeMilliseconds: lifetime)
    }
}

extension SQLiteIdempotencyStore {
    func begin(_ claim: IdempotencyClaim, at now: UInt64 = 1_000) async -> IdempotencyDecision {
        await withCheckedContinuation { done in
            begin(claim, unixMilliseconds: now) { done.resume(returning: $0) }
        }
    }

    func finish(_ claim: IdempotencyClaim, _ response: StoredResponse, at now: UInt64 = 1_000) async -> Bool {
        await withCheckedContinuation { done in
            finish(claim, response, unixMilliseconds: now) { done.resume(returning: $0) }
        }
    }
}
