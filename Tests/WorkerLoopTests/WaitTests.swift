import Glibc
import Testing

@testable import WorkerLoop

@Suite("Waits for descriptors", .timeLimit(.minutes(1)))
struct WaitTests {
    @Test("a wait ends when the descriptor is ready, on the loop or off it", arguments: [true, false])
    func readable(isOnLoop: Bool) async throws {
        let pair = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        let waits = Task(executorPreference: isOnLoop ? loop.taskExecutor : globalConcurrentExecutor) {
            for _ in 0..<200 {
                try await loop.readable(pair.near)
                #expect(DescriptorPair.drain(pair.near) == 1)
                loop.post { pair.send() }
            }
        }
        pair.send()
        try await waits.value
        loop.stop()
        thread.join()
    }

    @Test("reading and writing on one descriptor are waited for at the same time")
    func bothAtOnce() async throws {
        let pair = try DescriptorPair.sockets()
        let log = EventLog()
        try await withLoop { loop in
            pair.fill()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await loop.writable(pair.near)
                    log.add("writable")
                }
                group.addTask {
                    try await loop.readable(pair.near)
                    log.add("readable")
                    DescriptorPair.drain(pair.far)
                }
                await Task.yield()
                pair.send()
                try await group.waitForAll()
            }
        }
        #expect(log.all == ["readable", "writable"])
    }

    @Test("several tasks may wait for one descriptor")
    func several() async throws {
        let pair = try DescriptorPair.pipe()
        let count = try await withLoop { loop in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { try await loop.readable(pair.near) } }
                await Task.yield()
                pair.send()
                return try await group.reduce(into: 0) { count, _ in count += 1 }
            }
        }
        #expect(count == 5)
    }

    @Test("the end of the other side wakes a reader and a writer")
    func hangup() async throws {
        let pair = try DescriptorPair.sockets()
        let ready = try await withLoop { loop in
            pair.fill()
            async let writer = loop.ready(pair.near, for: .write)
            async let reader = loop.ready(pair.near, for: .read)
            await Task.yield()
            pair.closeHere(pair.far)
            return try await [reader, writer]
        }
        #expect(ready.allSatisfy { $0.isSuperset(of: [.read, .write, .hangup]) })
    }

    @Test("the reader's end wakes the writer of a full pipe with an error")
    func brokenPipe() async throws {
        let pair = try DescriptorPair.pipe()
        let ready = try await withLoop { loop in
            let block = [UInt8](repeating: 0, count: 65536)
            while block.withUnsafeBytes({ Glibc.write(pair.far, $0.baseAddress, $0.count) }) > 0 {}
            async let writer = loop.ready(pair.far, for: .write)
            await Task.yield()
            pair.closeHere(pair.near)
            return try await writer
        }
        #expect(ready.isSuperset(of: [.write, .error]))
    }

    @Test(
        "a cancelled wait throws CancellationError, and the descriptor serves the next one",
        arguments: [1, 20])
    func cancelled(times: Int) async throws {
        let pair = try DescriptorPair.pipe()
        try await withLoop { loop in
            for _ in 0..<times {
                let wait = Task(executorPreference: loop.taskExecutor) { try await loop.readable(pair.near) }
                await Task.yield()
                wait.cancel()
                #expect(await thrown { try await wait.value } is CancellationError)
            }
            pair.send()
            try await loop.readable(pair.near)
        }
    }

    @Test("a wait of a task that is cancelled already does not begin")
    func cancelledBefore() async throws {
        let pair = try DescriptorPair.pipe()
        let error = try await withLoop { loop in
            let wait = Task(executorPreference: loop.taskExecutor) {
                while !Task.isCancelled { await Task.yield() }
                try await loop.readable(pair.near)
            }
            wait.cancel()
            return await thrown { try await wait.value }
        }
        #expect(error is CancellationError)
    }

    @Test("cancellations from other threads that race with events lose no wait")
    func racingCancellations() async throws {
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        var ended = 0
        for _ in 0..<300 {
            let pair = try DescriptorPair.pipe()
            let wait = Task(executorPreference: loop.taskExecutor) { try await loop.readable(pair.near) }
            loop.post { pair.send() }
            wait.cancel()
            let error = await thrown { try await wait.value }
            if error == nil || error is CancellationError { ended += 1 }
            loop.forgetDescriptor(pair.near)
        }
        loop.stop()
        thread.join()
        #expect(ended == 300)
    }

    @Test("a descriptor closed through the loop ends its waits with DescriptorClosed")
    func closed() async throws {
        let pair = try DescriptorPair.sockets()
        let errors = try await withLoop { loop in
            let reader = Task(executorPreference: loop.taskExecutor) { try await loop.readable(pair.near) }
            let second = Task(executorPreference: loop.taskExecutor) { try await loop.readable(pair.near) }
            await Task.yield()
            pair.givesUp(pair.near)
            loop.close(pair.near)
            return [await thrown { try await reader.value }, await thrown { try await second.value }]
        }
        #expect(errors.allSatisfy { $0 as? DescriptorClosed == DescriptorClosed(descriptor: pair.near) })
    }

    @Test("a number closed behind the loop's back and reused ends the old wait and serves the new one")
    func reused() async throws {
        let pair = try DescriptorPair.sockets()
        let other = try DescriptorPair.sockets()
        let error = try await withLoop { loop in
            let old = Task(executorPreference: loop.taskExecutor) { try await loop.readable(pair.near) }
            await Task.yield()
            // The number now names the other pair's socket, and the first one's file is gone.
            #expect(dup2(other.near, pair.near) == pair.near)
            other.send()
            _ = try await loop.ready(pair.near, for: [.read, .write])
            return await thrown { try await old.value }
        }
        #expect(error as? DescriptorClosed == DescriptorClosed(descriptor: pair.near))
    }

    @Test("a wait for what is not open throws DescriptorClosed", arguments: [-1, 1_000_000] as [Int32])
    func notOpen(descriptor: Int32) async throws {
        let error = try await withLoop { loop in await thrown { try await loop.readable(descriptor) } }
        #expect(error as? DescriptorClosed == DescriptorClosed(descriptor: descriptor))
    }

    @Test("a regular file is always ready")
    func regularFile() async throws {
        let file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        defer { Glibc.close(file) }
        for _ in 0..<2 {
            let ready = try await withLoop { loop in try await loop.ready(file, for: .read) }
            #expect(ready == .read)
        }
    }
}
