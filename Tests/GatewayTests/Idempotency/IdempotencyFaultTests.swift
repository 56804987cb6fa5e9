import Foundation
import GRDB
import Synchronization
import Testing
import WireProtocol

@testable import Gateway

@Suite("Faults of the file of keys")
struct IdempotencyFaultTests {
    private static let response = IdempotencyDecisionTests.response
    private static let full = "the disk is full, or the file of idempotency keys has reached its largest size"

    private static func cause(_ decision: IdempotencyDecision) -> String {
        guard case .unavailable(let cause) = decision else { return "\(decision)" }
        #expect(decision.error(header: "Idempotency-Key")?.status == Status(503))
        return cause
    }

    @Test("the file is its owner's only, also one that was open to others before")
    func rights() async throws {
        let fixture = try IdempotencyFixture()
        for _ in 0..<2 {
            let store = fixture.store()
            #expect(await store.begin(try IdempotencyFixture.claim("k"), at: 1) != .mismatch)
            for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) {
                let path = fixture.folder + "/" + name
                let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(rights == 0o600, "\(name)")
            }
            store.close()
            chmod(fixture.path, 0o666)
        }
    }

    @Test("nothing of key, caller or function stands in the file")
    func hidden() async throws {
        let fixture = try IdempotencyFixture()
        let store = fixture.store()
        #expect(await store.begin(try IdempotencyFixture.claim("very-secret-key")) == .run)
        store.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        #expect(bytes.range(of: Data("records".utf8)) != nil)
        #expect(bytes.range(of: Data("secret".utf8)) == nil && bytes.range(of: Data("CreateUser".utf8)) == nil)
    }

    @Test("a damaged file refuses keys, stays as it is, and serves again once it is moved away")
    func damaged() async throws {
        let fixture = try IdempotencyFixture()
        let rubbish = Data(repeating: 0x5A, count: 20_000)
        try rubbish.write(to: URL(fileURLWithPath: fixture.path))
        let store = fixture.store()
        let claim = try IdempotencyFixture.claim("k")
        #expect(Self.cause(await store.begin(claim, at: 1_000)).hasPrefix("the file of idempotency keys is damaged"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)) == rubbish)
        try FileManager.default.moveItem(atPath: fixture.path, toPath: fixture.path + ".old")
        #expect(Self.cause(await store.begin(claim, at: 1_500)).contains("damaged"))
        #expect(await store.begin(claim, at: 2_000) == .run)
        store.close()
        let reports = fixture.reports.withLock { $0 }
        #expect(reports.count == 2 && reports[0]?.contains("damaged") == true && reports[1] == nil)
    }

    @Test("rows that were never written so refuse their key only, and do not end the process")
    func nonsense() async throws {
        let fixture = try IdempotencyFixture()
        let first = fixture.store()
        let claims = try (0..<6).map { try IdempotencyFixture.claim("k\($0)") }
        for claim in claims {
            #expect(await first.begin(claim) == .run)
            #expect(await first.finish(claim, Self.response))
        }
        first.close()
        let changes = [
            "state = 9", "status = 70000", "headers = x'01'", "body = NULL", "fingerprint = x'00'", "expires = -5",
        ]
        let database = try DatabaseQueue(path: fixture.path)
        try await database.write { database in
            for (change, claim) in zip(changes, claims) {
                try database.execute(
                    sql: "UPDATE records SET \(change) WHERE scope = ?", arguments: [Data(claim.scope.bytes)])
            }
        }
        try database.close()
        let second = fixture.store()
        for claim in claims.prefix(5) { #expect(Self.cause(await second.begin(claim)).contains("damaged")) }
        #expect(await second.begin(claims[5]) == .run)
        #expect(await second.begin(try IdempotencyFixture.claim("new")) == .run)
        second.close()
    }

    @Test("a folder in the file's place, and a folder that is not there, refuse keys with a sentence without a path")
    func places() async throws {
        let fixture = try IdempotencyFixture()
        try FileManager.default.createDirectory(atPath: fixture.path, withIntermediateDirectories: false)
        for path in [fixture.path, fixture.folder + "/none/idempotency.sqlite"] {
            let store = fixture.store(path: path)
            let cause = Self.cause(await store.begin(try IdempotencyFixture.claim("k")))
            #expect(cause.hasPrefix("the file of idempotency keys cannot be") && !cause.contains(fixture.folder))
            store.close()
        }
    }

    @Test("a second gateway on the file is refused, and takes it over when the first has ended")
    func locked() async throws {
        let fixture = try IdempotencyFixture()
        let first = fixture.store(owner: 1)
        let claim = try IdempotencyFixture.claim("k")
        #expect(await first.begin(claim) == .run)
        let second = fixture.store(owner: 2)
        #expect(Self.cause(await second.begin(claim)) == "another gateway uses the file of idempotency keys")
        #expect(await first.finish(claim, Self.response))
        first.close()
        #expect(await second.begin(claim, at: 2_000) == .replay(Self.response))
        second.close()
    }

    @Test("the file of a later version is refused and left alone")
    func newer() async throws {
        let fixture = try IdempotencyFixture()
        let first = fixture.store()
        #expect(await first.begin(try IdempotencyFixture.claim("k")) == .run)
        first.close()
        let database = try DatabaseQueue(path: fixture.path)
        try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: later')") }
        try database.close()
        let second = fixture.store()
        let cause = Self.cause(await second.begin(try IdempotencyFixture.claim("k")))
        #expect(cause == "the file of idempotency keys was made by a later version")
        second.close()
    }

    @Test("a full file refuses new keys, keeps what it has, and takes keys again when some have expired")
    func fullFile() async throws {
        let fixture = try IdempotencyFixture()
        let store = fixture.store(limit: 1 << 20)
        let large = StoredResponse(status: .ok, headers: [:], body: [UInt8](repeating: 1, count: 100_000))
        var kept: [IdempotencyClaim] = []
        var lost: IdempotencyClaim?
        for index in 0..<20 where lost == nil {
            let claim = try IdempotencyFixture.claim("k\(index)")
            #expect(await store.begin(claim) == .run)
            if await store.finish(claim, large) { kept.append(claim) } else { lost = claim }
        }
        #expect((5...10).contains(kept.count))
        // Its handler has had its effect: it is neither run again nor taken for one that still runs.
        #expect(await store.begin(try #require(lost)) == .unknownOutcome)
        for claim in kept { #expect(await store.begin(claim) == .replay(large)) }
        var refused: IdempotencyDecision?
        for index in 0..<5_000 where refused == nil {
            let decision = await store.begin(try IdempotencyFixture.claim("n\(index)", lifetime: 10))
            if decision != .run { refused = decision }
        }
        #expect(Self.cause(try #require(refused)) == Self.full)
        // The first request after the responses' end has them taken out; the next one finds the room that they leave.
        let late = try IdempotencyFixture.claim("late")
        #expect(Self.cause(await store.begin(late, at: 100_000)) == Self.full)
        #expect(await store.begin(late, at: 100_000) == .run)
        #expect(await store.finish(late, large))
        store.close()
        #expect(fixture.reports.withLock { $0.last } == .some(nil))
    }

    @Test("more requests than may wait are refused with OVERLOADED")
    func overloaded() async throws {
        let fixture = try IdempotencyFixture()
        let store = fixture.store(mostWaiting: 3)
        let entered = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let decisions = Mutex<[IdempotencyDecision]>([])
        // Holds the store's thread for as long as the others come.
        store.begin(try IdempotencyFixture.claim("first"), unixMilliseconds: 1_000) { _ in
            entered.signal()
            gate.wait()
        }
        await withCheckedContinuation { done in
            DispatchQueue.global().async {
                entered.wait()
                done.resume()
            }
        }
        for index in 0..<5 {
            store.begin(try IdempotencyFixture.claim("k\(index)"), unixMilliseconds: 1_000) { decision in
                decisions.withLock { $0.append(decision) }
            }
        }
        #expect(decisions.withLock { $0 } == [.overloaded, .overloaded])
        gate.signal()
        store.close()
        #expect(decisions.withLock { $0 } == [.overloaded, .overloaded, .run, .run, .run])
    }

    @Test("expired records are taken out, and a key in use is not")
    func sweep() async throws {
        let fixture = try IdempotencyFixture()
        let store = fixture.store()
        let running = try IdempotencyFixture.claim("running", lifetime: 10)
        #expect(await store.begin(running) == .run)
        for index in 0..<300 {
            let claim = try IdempotencyFixture.claim("k\(index)", lifetime: 10)
            store.begin(claim, unixMilliseconds: 1_000) { _ in }
            store.finish(claim, Self.response, unixMilliseconds: 1_000) { _ in }
        }
        #expect(await store.begin(try IdempotencyFixture.claim("later"), at: 100_000) == .run)
        #expect(await store.begin(running, at: 100_000) == .running(retryAfterSeconds: 1))
        store.close()
        let database = try DatabaseQueue(path: fixture.path)
        #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM records") } == 2)
        try database.close()
    }
}
