import Synchronization
import Testing
import WireProtocol
import WorkerLoop

@testable import FunctionKit

@Suite("A worker's leases of connections", .timeLimit(.minutes(1)))
struct WorkerLeasesTests {
    /// What the gateway would hear and say; everything happens on the loop's thread, as in a worker.
    final class Wire {
        enum Said: Equatable {
            case request(UInt64, idle: UInt32)
            case giveBack([UInt64], idle: UInt32)
        }

        let leases: WorkerLeases
        private var parser = FrameParser()

        init(_ leases: WorkerLeases) { self.leases = leases }

        /// What the worker has to say now.
        func flush(running: Int = 0) throws -> [Said] {
            var out = FrameBuffer()
            leases.flush(into: &out, running: running)
            var said: [Said] = []
            try out.withUnsafeBytes { bytes in
                try parser.feed(bytes) { header, payload in
                    if header.type == .leaseRequest {
                        let frame = try LeaseRequestFrame(payload: payload)
                        said.append(.request(frame.lease, idle: frame.idle))
                    } else {
                        let frame = try LeaseReturnFrame(payload: payload)
                        said.append(.giveBack(frame.leases, idle: frame.idle))
                    }
                }
            }
            return said
        }

        /// What it says as soon as it says something.
        func next(running: Int = 0) async throws -> [Said] {
            while true {
                try Task.checkCancellation()
                let said = try flush(running: running)
                if !said.isEmpty { return said }
                await Task.yield()
            }
        }

        /// A lease that is asked for and granted.
        func take(running: Int = 1) async throws -> ConnectionLeaseID {
            let leases = leases
            let task = Task { try await leases.lease() }
            var isGranted = false
            // It may say first how many leases are idle.
            while !isGranted {
                for case .request(let number, _) in try await next(running: running) {
                    leases.receive(LeaseGrantFrame(lease: number, outcome: .granted))
                    isGranted = true
                }
            }
            return try await task.value
        }
    }

    func onLoop(_ body: @Sendable (Wire) async throws -> Void) async throws {
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        defer {
            loop.stop()
            thread.join()
        }
        try await withTaskExecutorPreference(loop.taskExecutor) {
            try await body(
                Wire(WorkerLeases(LeaseSettings(connections: 20, waitMilliseconds: 2_000), on: loop)))
        }
    }

    @Test("a lease is asked for, granted, and given back once")
    func roundTrip() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            let task = Task { try await leases.lease() }
            #expect(try await wire.next(running: 1) == [.request(1, idle: 0)])
            leases.receive(LeaseGrantFrame(lease: 1, outcome: .granted))
            let lease = try await task.value
            #expect(lease == ConnectionLeaseID(rawValue: 1))
            leases.release(lease)
            leases.release(lease)
            leases.release(ConnectionLeaseID(rawValue: 99))
            #expect(try wire.flush() == [.giveBack([1], idle: 0)])
            #expect(try wire.flush().isEmpty)
        }
    }

    @Test("no lease in time is an error that a handler's client is told as 503 OVERLOADED with Retry-After")
    func denied() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            for outcome in [LeaseGrantFrame.Outcome.timedOut, .refused] {
                let task = Task { try await leases.lease() }
                for case .request(let number, _) in try await wire.next() {
                    leases.receive(LeaseGrantFrame(lease: number, outcome: outcome))
                }
                let failure = await task.result
                guard case .failure(let thrown) = failure else {
                    Issue.record("it was granted")
                    return
                }
                let error = HandlerFailure.error(for: thrown, cancelled: nil)
                #expect(error.code == "OVERLOADED" && error.status == Status(503))
                #expect(error.headers["retry-after"] == "1")
                #expect(error.cause?.contains("database connection") == true)
            }
            #expect(
                LeaseFailure.noneInTime(LeaseSettings(connections: 20, waitMilliseconds: 2_000)).description
                    == "no database connection became free within 2000 ms: the workers together may have 20 "
                    + "(database.connections)")
        }
    }

    @Test("a request whose task is cancelled is taken back, and a grant that crosses it counts as given back")
    func cancelled() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            let task = Task { try await leases.lease() }
            #expect(try await wire.next() == [.request(1, idle: 0)])
            task.cancel()
            #expect(try await wire.next() == [.giveBack([1], idle: 0)])
            await #expect(throws: CancellationError.self) { try await task.value }
            leases.receive(LeaseGrantFrame(lease: 1, outcome: .granted))
            #expect(try wire.flush().isEmpty)
            _ = try await wire.take()
            // The gateway says that it has seen no return yet, so one of the two is under way.
            leases.receive(LeaseRecallFrame(wanted: 2, returned: 0))
            #expect(leases.takeRecall())
            #expect(!leases.takeRecall())
            let before = Task { try await leases.lease() }
            before.cancel()
            await #expect(throws: CancellationError.self) { try await before.value }
        }
    }

    @Test("what is wanted back is answered with yes as often as it is wanted, less what is on its way")
    func recalls() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            var held: [ConnectionLeaseID] = []
            for _ in 0..<3 { held.append(try await wire.take()) }
            let calls = Atomic<Int>(0)
            leases.whenDemandChanges { calls.add(1, ordering: .relaxed) }
            #expect(!leases.takeRecall())
            leases.receive(LeaseRecallFrame(wanted: 2))
            #expect(calls.load(ordering: .relaxed) == 1)
            #expect(leases.takeRecall() && leases.takeRecall() && !leases.takeRecall())
            leases.release(held[0])
            // Said before the gateway heard of that return: one is still promised, and none is missing.
            leases.receive(LeaseRecallFrame(wanted: 2, returned: 0))
            #expect(!leases.takeRecall())
            // It is taken back, wanted again, and then given back unasked.
            leases.release(held[1])
            leases.receive(LeaseRecallFrame(wanted: 1, returned: 2))
            leases.receive(LeaseRecallFrame(wanted: 0, returned: 2))
            #expect(!leases.takeRecall())
            leases.receive(LeaseRecallFrame(wanted: 1, returned: 2))
            leases.release(held[2])
            #expect(!leases.takeRecall())
            #expect(try wire.flush() == [.giveBack([1, 2, 3], idle: 0)])
        }
    }

    @Test("how many may stay unused is known, and a change of it is told")
    func kept() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            let calls = Atomic<Int>(0)
            leases.whenDemandChanges { calls.add(1, ordering: .relaxed) }
            leases.receive(LeaseRecallFrame(wanted: 0, kept: 2))
            leases.receive(LeaseRecallFrame(wanted: 0, kept: 2))
            #expect(leases.kept == 2 && calls.load(ordering: .relaxed) == 1)
            leases.receive(LeaseRecallFrame(wanted: 0, kept: 0))
            #expect(leases.kept == 0 && calls.load(ordering: .relaxed) == 2)
        }
    }

    @Test("leases without a request that could use them are told as idle, once and not at each change")
    func idle() async throws {
        try await onLoop { wire in
            let leases = wire.leases
            _ = try await wire.take(running: 3)
            _ = try await wire.take(running: 3)
            #expect(try await wire.next(running: 1) == [.giveBack([], idle: 1)])
            for _ in 0..<100 { #expect(try wire.flush(running: 1).isEmpty) }
            #expect(try await wire.next(running: 0) == [.giveBack([], idle: 2)])
            // A request for more says it at once.
            let task = Task { try await leases.lease() }
            while try wire.flush(running: 0).isEmpty { await Task.yield() }
            leases.receive(LeaseGrantFrame(lease: 3, outcome: .granted))
            leases.release(try await task.value)
            #expect(try wire.flush(running: 1) == [.giveBack([3], idle: 1)])
        }
    }

    @Test("from another thread it wakes the loop")
    func otherThread() async throws {
        let loop = try WorkerLoop()
        let leases = WorkerLeases(LeaseSettings(connections: 1, waitMilliseconds: 1), on: loop)
        loop.beforeWait {
            var out = FrameBuffer()
            leases.flush(into: &out, running: 0)
            guard !out.isEmpty else { return }
            loop.post { leases.receive(LeaseGrantFrame(lease: 1, outcome: .granted)) }
        }
        let thread = try loop.runOnOwnThread()
        #expect(try await leases.lease() == ConnectionLeaseID(rawValue: 1))
        loop.stop()
        thread.join()
    }
}

@Suite("What a handler throws that may be gone later")
struct TemporaryFailureTests {
    struct Busy: TemporaryFailure {
        var retryAfter: Duration?
    }

    @Test(
        "is 503 with a pause in whole seconds; without a pause it is an error like any other",
        arguments: [
            (Duration.milliseconds(1), "1"), (.seconds(2), "2"), (.milliseconds(2_001), "3"), (nil, nil),
        ] as [(Duration?, String?)])
    func pause(_ pause: Duration?, _ header: String?) {
        let error = HandlerFailure.error(for: Busy(retryAfter: pause), cancelled: nil)
        #expect(error.headers["retry-after"] == header)
        #expect(error.code == (header == nil ? "INTERNAL_ERROR" : "OVERLOADED"))
        #expect(error.cause?.hasPrefix("Busy") == true)
    }
}
