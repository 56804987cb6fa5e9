import Synchronization
import Testing

@testable import WorkerLoop

@Suite("Deadlines", .timeLimit(.minutes(1)))
struct DeadlineTests {
    @Test("an operation that ends in time gives its value, on the loop")
    func inTime() async throws {
        let value = try await withLoop { loop in
            try await withDeadline(.seconds(3600), on: loop) { loop.isCurrent ? 42 : 0 }
        }
        #expect(value == 42)
    }

    @Test("an operation that waits too long is cancelled, and DeadlineExceeded is thrown")
    func tooLate() async throws {
        let pair = try DescriptorPair.pipe()
        let error = try await withLoop { loop in
            await thrown {
                try await withDeadline(.milliseconds(2), on: loop) { try await loop.readable(pair.near) }
            }
        }
        #expect(error as? DeadlineExceeded == DeadlineExceeded(limit: .milliseconds(2)))
    }

    @Test("the operation's own error is thrown as it is")
    func ownError() async throws {
        let error = try await withLoop { loop in
            await thrown {
                try await withDeadline(.seconds(3600), on: loop) { throw DescriptorClosed(descriptor: 7) }
            }
        }
        #expect(error as? DescriptorClosed == DescriptorClosed(descriptor: 7))
    }

    @Test("a value that comes in spite of the cancellation is not lost")
    func lateValue() async throws {
        let value = try await withLoop { loop in
            try await withDeadline(.milliseconds(1), on: loop) {
                while !Task.isCancelled { await Task.yield() }
                return "late"
            }
        }
        #expect(value == "late")
    }

    @Test("cancelling the caller cancels the operation, with CancellationError")
    func callerCancelled() async throws {
        let pair = try DescriptorPair.pipe()
        let error = try await withLoop { loop in
            let caller = Task(executorPreference: loop.taskExecutor) {
                try await withDeadline(.seconds(3600), on: loop) { try await loop.readable(pair.near) }
            }
            await Task.yield()
            caller.cancel()
            return await thrown { try await caller.value }
        }
        #expect(error is CancellationError)
    }

    @Test("no timer is left after the operation")
    func noTimerLeft() async throws {
        let left = try await withLoop { loop in
            for _ in 0..<100 { try await withDeadline(.seconds(3600), on: loop) {} }
            return loop.timers.count
        }
        #expect(left == 0)
    }

    @Test("task-local values reach the operation")
    func taskLocals() async throws {
        let value = try await withLoop { loop in
            try await TestLocals.$request.withValue("r1") {
                try await withDeadline(.seconds(3600), on: loop) { TestLocals.request }
            }
        }
        #expect(value == "r1")
    }
}

private enum TestLocals {
    @TaskLocal static var request = ""
}

@Suite("Looking up hosts", .timeLimit(.minutes(1)))
struct HostLookupTests {
    @Test("a numeric address is its own answer", arguments: ["127.0.0.1", "::1", "2001:db8::7"])
    func numeric(host: String) async throws {
        let addresses = try await withLoop { loop in try await loop.resolve(host: host) }
        #expect(addresses == [host])
    }

    @Test("localhost has loopback addresses, delivered on the loop")
    func localhost() async throws {
        let (addresses, isOnLoop) = try await withLoop { loop in
            let addresses = try await loop.resolve(host: "localhost")
            return (addresses, loop.isCurrent)
        }
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0 == "::1" || $0.hasPrefix("127.") })
        #expect(isOnLoop)
    }

    @Test("a name that cannot exist leads to a failure", arguments: ["", "not a host", "a..b"])
    func impossible(host: String) async throws {
        let error = try await withLoop { loop in await thrown { _ = try await loop.resolve(host: host) } }
        #expect((error as? HostLookupFailure)?.host == host)
    }

    @Test("a cancelled question throws CancellationError")
    func cancelled() async throws {
        let error = try await withLoop { loop in
            let question = Task(executorPreference: loop.taskExecutor) {
                while !Task.isCancelled { await Task.yield() }
                return try await loop.resolve(host: "localhost")
            }
            question.cancel()
            return await thrown { _ = try await question.value }
        }
        #expect(error is CancellationError)
    }
}
