import Foundation
import Synchronization
import Testing
import WireProtocol

@testable import Gateway

@Suite("Keys on the disk")
struct IdempotencyStoreTests {
    private static let response = IdempotencyDecisionTests.response

    @Test("the first request runs, one beside it is a conflict, and later ones get the response")
    func timeline() async throws {
        let store = try IdempotencyFixture().store()
        let claim = try IdempotencyFixture.claim("k")
        #expect(await store.begin(claim) == .run)
        #expect(await store.begin(claim) == .running(retryAfterSeconds: 1))
        #expect(await store.begin(try IdempotencyFixture.claim("k", body: [9])) == .mismatch)
        #expect(await store.begin(try IdempotencyFixture.claim("l")) == .run)
        #expect(await store.finish(claim, Self.response))
        #expect(await store.begin(claim) == .replay(Self.response))
        #expect(await store.begin(try IdempotencyFixture.claim("k", body: [9])) == .mismatch)
        #expect(await store.begin(claim) == .replay(Self.response))
        store.close()
    }

    @Test("responses without a body, with the longest body and with any bytes come back as they were")
    func responses() async throws {
        let store = try IdempotencyFixture().store()
        let bodies: [[UInt8]] = [[], [0], Array(0...255), [UInt8](repeating: 7, count: 1 << 20)]
        for (index, body) in bodies.enumerated() {
            let claim = try IdempotencyFixture.claim("k\(index)")
            let response = StoredResponse(
                status: Status(204), headers: index == 0 ? [:] : ["x": "1", "x": "ü"], body: body)
            #expect(await store.begin(claim) == .run)
            #expect(await store.finish(claim, response))
            #expect(await store.begin(claim) == .replay(response))
        }
        store.close()
    }

    @Test("a released key runs again, at once or later")
    func release() async throws {
        let store = try IdempotencyFixture().store()
        let claim = try IdempotencyFixture.claim("k")
        #expect(await store.begin(claim) == .run)
        store.release(claim, afterMilliseconds: 0, unixMilliseconds: 1_000)
        #expect(await store.begin(claim) == .run)
        store.release(claim, afterMilliseconds: 5_000, unixMilliseconds: 1_000)
        #expect(await store.begin(claim, at: 2_000) == .running(retryAfterSeconds: 4))
        #expect(await store.begin(claim, at: 6_000) == .run)
        #expect(await store.finish(claim, Self.response))
        // Too late: nothing of it runs any more.
        store.release(claim, afterMilliseconds: 0, unixMilliseconds: 6_000)
        #expect(await store.begin(claim, at: 6_000) == .replay(Self.response))
        store.close()
    }

    @Test("an abandoned key's outcome is not known until the record expires")
    func abandon() async throws {
        let store = try IdempotencyFixture().store()
        let claim = try IdempotencyFixture.claim("k")
        #expect(await store.begin(claim) == .run)
        store.abandon(claim)
        #expect(await store.begin(claim, at: 60_999) == .unknownOutcome)
        #expect(await store.begin(claim, at: 61_000) == .run)
        store.close()
    }

    @Test("a response expires by the time of its end, and a key in use does not")
    func expiry() async throws {
        let store = try IdempotencyFixture().store()
        let claim = try IdempotencyFixture.claim("k", lifetime: 10)
        #expect(await store.begin(claim, at: 1_000) == .run)
        #expect(await store.begin(claim, at: 1_000_000) == .running(retryAfterSeconds: 1))
        #expect(await store.finish(claim, Self.response, at: 1_000_000))
        #expect(await store.begin(claim, at: 1_000_009) == .replay(Self.response))
        #expect(await store.begin(claim, at: 1_000_010) == .run)
        #expect(await store.finish(claim, Self.response, at: UInt64(Int64.max) + 5))
        #expect(await store.begin(claim, at: UInt64(Int64.max) - 1) == .replay(Self.response))
        store.close()
    }

    @Test("a restart keeps responses, and what ran when the process ended is told as unknown, never run again")
    func restart() async throws {
        let fixture = try IdempotencyFixture()
        let first = fixture.store(owner: 1)
        let done = try IdempotencyFixture.claim("done")
        let open = try IdempotencyFixture.claim("open")
        #expect(await first.begin(done) == .run)
        #expect(await first.finish(done, Self.response))
        #expect(await first.begin(open) == .run)
        first.close()
        let second = fixture.store(owner: 2)
        #expect(await second.begin(done) == .replay(Self.response))
        #expect(await second.begin(open) == .unknownOutcome)
        #expect(await second.begin(try IdempotencyFixture.claim("open", body: [1])) == .mismatch)
        // Not this process's: it can neither end it nor free it.
        #expect(await second.finish(open, Self.response) == false)
        second.release(open, afterMilliseconds: 0, unixMilliseconds: 1_000)
        #expect(await second.begin(open) == .unknownOutcome)
        #expect(await second.begin(open, at: 61_000) == .run)
        second.close()
    }

    @Test("what was told is in the files when the process is killed at any moment")
    func killed() async throws {
        let fixture = try IdempotencyFixture()
        let store = fixture.store(owner: 1)
        let done = try IdempotencyFixture.claim("done")
        let open = try IdempotencyFixture.claim("open")
        #expect(await store.begin(done) == .run)
        #expect(await store.begin(open) == .run)
        #expect(await store.finish(done, Self.response))
        // The files as they are now are those that a killed process leaves.
        let copy = try IdempotencyFixture()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) {
            try FileManager.default.copyItem(atPath: fixture.folder + "/" + name, toPath: copy.folder + "/" + name)
        }
        let after = copy.store(owner: 2)
        #expect(await after.begin(done) == .replay(Self.response))
        #expect(await after.begin(open) == .unknownOutcome)
        after.close()
        store.close()
    }

    @Test("of many requests at once with one key exactly one runs")
    func race() async throws {
        let store = try IdempotencyFixture().store()
        for round in 0..<20 {
            let claim = try IdempotencyFixture.claim("k\(round)")
            let decisions = await withTaskGroup(of: IdempotencyDecision.self) { group in
                for _ in 0..<50 { group.addTask { await store.begin(claim) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(decisions.count { $0 == .run } == 1)
            #expect(decisions.count { $0 == .running(retryAfterSeconds: 1) } == 49)
            #expect(await store.finish(claim, Self.response))
        }
        store.close()
    }

    @Test("completions come in the order of the calls")
    func order() async throws {
        let store = try IdempotencyFixture().store()
        let claims = try (0..<3_000).map { try IdempotencyFixture.claim("k\($0)") }
        let order = Mutex<[Int]>([])
        for (index, claim) in claims.enumerated() {
            store.begin(claim, unixMilliseconds: 1_000) { decision in
                if decision == .run { order.withLock { $0.append(index) } }
            }
        }
        store.close()
        #expect(order.withLock { $0 } == Array(0..<3_000))
        #expect(await store.begin(claims[0]) == .unavailable(cause: "the file of idempotency keys is closed"))
        #expect(await store.finish(claims[0], Self.response) == false)
    }
}
