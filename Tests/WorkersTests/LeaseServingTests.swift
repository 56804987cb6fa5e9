import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import Workers

@Suite("Real workers and a real PostgreSQL under one budget of connections", .serialized, .timeLimit(.minutes(3)))
struct LeaseServingTests {
    /// Workers in the test of the limit; the acceptance run says 50.
    static let crowd = Int(ProcessInfo.processInfo.environment["SWIFTLET_LEASE_WORKERS"] ?? "") ?? 20

    @Test("many workers of two functions under load never have more connections than allowed, and all of them serve")
    func limit() async throws {
        let limit = Self.crowd * 2 / 5
        try await LeaseBench.run(
            ConnectionLimits(connections: limit, minConnections: 2), functions: 2, workers: Self.crowd / 2, threads: 2,
            isEnforced: true
        ) { bench in
            #expect(await bench.start())
            let watch = try await ConnectionWatch(bench)
            let seenByUs = Sightings()
            await withTaskGroup(of: Void.self) { group in
                // Four times as many callers as workers keep all of them busy.
                for caller in 0..<(Self.crowd * 4) {
                    group.addTask {
                        for _ in 0..<25 {
                            let outcome = await bench.call(ms: 5, function: caller % 2, loop: caller / 2 % 2)
                            seenByUs.note(outcome, leased: bench.host.connections?.leased ?? 0)
                        }
                    }
                }
            }
            let seen = try await watch.end()
            #expect(seen.most <= limit, "\(seen.most) connections at once")
            #expect(seen.most == limit)
            #expect(seen.looks > 50)
            #expect(seenByUs.mostLeased <= limit)
            #expect(seenByUs.failures.isEmpty, "\(seenByUs.failures.prefix(2))")
            // Each worker had its turn.
            #expect(Set(seenByUs.workers).count == Self.crowd)
            #expect(bench.record.crashes.isEmpty)
            #expect(bench.record.violations.isEmpty)
        }
    }

    @Test("killed workers give their connections back, and the others go on", arguments: [1, 3])
    func kills(threads: Int) async throws {
        try await LeaseBench.run(
            ConnectionLimits(connections: 3), functions: 2, workers: 3, threads: threads, concurrency: 2
        ) { bench in
            #expect(await bench.start())
            for round in 0..<6 {
                let holders = bench.record.started.map(\.pid).filter { WorkerBench.isAlive($0) }
                async let busy = withTaskGroup(of: CallOutcome.self) { group in
                    for caller in 0..<12 { group.addTask { await bench.call(ms: 20, function: caller % 2) } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(await bench.eventually { (bench.host.connections?.leased ?? 0) > 0 })
                kill(holders[round % holders.count], SIGKILL)
                let outcomes = await busy
                // A GET is tried once more elsewhere, so one kill fails none.
                #expect(outcomes.allSatisfy { $0.reply?.kind == .response }, "\(outcomes)")
            }
            // All that the dead ones had is back: with nothing running, three can be had again.
            let again = await withTaskGroup(of: CallOutcome.self) { group in
                for caller in 0..<3 { group.addTask { await bench.call(ms: 50, function: caller % 2) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(again.allSatisfy { $0.reply?.kind == .response })
            #expect((bench.host.connections?.leased ?? 9) <= 3)
            #expect(bench.host.connections?.waiting == 0)
        }
    }

    @Test("a worker that waits past its time answers 503 OVERLOADED with Retry-After, and is served when there is room")
    func timeout() async throws {
        try await LeaseBench.run(
            ConnectionLimits(connections: 1, wait: .milliseconds(150)), functions: 2, workers: 1
        ) { bench in
            #expect(await bench.start())
            try bench.makeGate()
            // To connect may take longer than the wait on a busy machine.
            #expect(await bench.served(function: 0))
            async let long = bench.callUntilGate(function: 0)
            let isRunning = try await bench.eventuallyCounts(
                1,
                "FROM pg_stat_activity WHERE query LIKE '%wait_for_gate%' AND state = 'active' AND datname = current_database() AND pid <> pg_backend_pid()"
            )
            #expect(isRunning)
            let refused = await bench.call(ms: 0, function: 1)
            guard case .error(let error)? = refused.reply?.kind else {
                Issue.record("no error: \(refused)")
                return
            }
            #expect(error.code == "OVERLOADED")
            #expect(error.status == Status(503))
            #expect(error.headers["retry-after"] == "1")
            #expect(error.cause?.contains("connection became free") == true)
            try bench.openGate()
            #expect(await long.reply?.kind == .response)
            #expect(await bench.served(function: 1))
        }
    }

    @Test("those who wait are served in the order in which they asked")
    func order() async throws {
        try await LeaseBench.run(ConnectionLimits(connections: 1, wait: .seconds(20)), functions: 5, workers: 1) {
            bench in
            #expect(await bench.start())
            try bench.makeGate()
            let served = Sightings()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for function in 0..<5 {
                    group.addTask {
                        let outcome =
                            function == 0 ? await bench.callUntilGate() : await bench.call(ms: 20, function: function)
                        served.note(outcome, leased: function)
                    }
                    // The next one asks when this one has its lease, or waits for it.
                    #expect(
                        await bench.eventually {
                            (bench.host.connections?.leased ?? 0) + (bench.host.connections?.waiting ?? 0) == function
                                + 1
                        })
                }
                try bench.openGate()
                try await group.waitForAll()
            }
            #expect(served.failures.isEmpty)
            #expect(served.order == [0, 1, 2, 3, 4])
        }
    }

    @Test("connections that a worker no longer uses go to another that wants them")
    func idleTaken() async throws {
        try await LeaseBench.run(ConnectionLimits(connections: 2), functions: 2, workers: 1) { bench in
            #expect(await bench.start())
            async let first = bench.call(ms: 50, function: 0)
            async let second = bench.call(ms: 50, function: 0)
            _ = await (first, second)
            #expect(bench.host.connections?.leased == 2)
            async let third = bench.call(ms: 50, function: 1)
            async let fourth = bench.call(ms: 50, function: 1)
            for outcome in await [third, fourth] { #expect(outcome.reply?.kind == .response, "\(outcome)") }
            let open = try bench.serverConnections()
            #expect(open <= 2)
        }
    }

    @Test("unused connections are closed after their time, all but the minimum, wherever that is")
    func minimum() async throws {
        try await LeaseBench.run(
            ConnectionLimits(connections: 4, minConnections: 1), functions: 2, workers: 1,
            idleTimeout: .milliseconds(100)
        ) { bench in
            #expect(await bench.start())
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<4 {
                    group.addTask {
                        let outcome = await bench.call(ms: 60, function: caller % 2)
                        #expect(outcome.reply?.kind == .response)
                    }
                }
            }
            #expect(await bench.eventually { bench.host.connections?.leased == 1 })
            // It stays, at ten times the time after which it would have been closed.
            let looked = Instant.now()
            #expect(await bench.eventually { Instant.now() > looked + .seconds(1) })
            #expect(bench.host.connections?.leased == 1)
            let open = try bench.serverConnections()
            #expect(open == 1)
        }
    }

    @Test("a handler past its deadline has its statement stopped, its connection closed and its lease given back")
    func deadline() async throws {
        try await LeaseBench.run(
            ConnectionLimits(connections: 1, wait: .seconds(20)), workers: 1, timeout: .seconds(1)
        ) { bench in
            #expect(await bench.start())
            let before = await bench.call(ms: 0).reply?.body
            let late = await bench.call(ms: 3_600_000)
            var code = late.error?.code
            if case .error(let error)? = late.reply?.kind { code = error.code }
            #expect(code == "FUNCTION_TIMEOUT")
            // The one lease there is comes back only when the server has no connection any more.
            #expect(await bench.eventually { bench.host.connections?.leased == 0 })
            let open = try bench.serverConnections()
            #expect(open == 0)
            let after = await bench.call(ms: 0)
            #expect(after.reply?.kind == .response)
            #expect(after.reply?.body != before, "another connection")
            #expect(bench.record.started.count == 1, "the same worker")
        }
    }

    @Test("a function that does not use the database has no part in its connections")
    func withoutDatabase() async throws {
        try await LeaseBench.run(
            ConnectionLimits(connections: 2, wait: .seconds(20)), functions: 2, workers: 1, withoutDatabase: [1]
        ) { bench in
            #expect(await bench.start())
            async let first = bench.call(ms: 100, function: 0)
            async let other = bench.call(ms: 100, function: 1)
            // It got an address by other means here, and its connection is nobody's business.
            #expect(await first.reply?.kind == .response)
            #expect(await other.reply?.kind == .response)
            let leased = bench.host.connections?.leased
            let open = try bench.serverConnections()
            #expect(leased == 1 && open == 2)
        }
    }

    @Test("a smaller budget takes connections back from those who have too many")
    func smaller() async throws {
        try await LeaseBench.run(ConnectionLimits(connections: 4), functions: 1, workers: 1) { bench in
            #expect(await bench.start())
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = await bench.call(ms: 80) } }
            }
            #expect(await bench.eventually { bench.host.connections?.leased == 4 })
            bench.host.limitConnections(ConnectionLimits(connections: 1))
            #expect(await bench.eventually { bench.host.connections?.leased == 1 })
            #expect(await bench.call(ms: 0).reply?.kind == .response)
            bench.host.limitConnections(nil)
            #expect(await bench.eventually { bench.host.connections == nil })
        }
    }
}

/// What many callers saw.
private final class Sightings: Sendable {
    private struct State {
        var workers: [Int32] = []
        var order: [Int] = []
        var failures: [String] = []
    }
    private let state = Mutex(State())

    /// The process that answered each call.
    var workers: [Int32] { state.withLock { $0.workers } }
    /// The number beside each answer, in the order of the answers.
    var order: [Int] { state.withLock { $0.order } }
    var mostLeased: Int { order.max() ?? 0 }
    var failures: [String] { state.withLock { $0.failures } }

    func note(_ outcome: CallOutcome, leased: Int) {
        state.withLock { state in
            if outcome.reply?.kind == .response, let pid = outcome.worker?.pid {
                state.workers.append(pid)
                state.order.append(leased)
            } else {
                state.failures.append("\(outcome)")
            }
        }
    }
}
