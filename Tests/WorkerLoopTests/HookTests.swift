import Testing

@testable import WorkerLoop

@Suite("The hooks before a wait", .timeLimit(.minutes(1)))
struct HookTests {
    @Test("a hook comes after all ready jobs, and again after the jobs that it made ready")
    func order() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        loop.beforeWait {
            let isFirst = !log.all.contains("flush")
            log.add("flush")
            if isFirst {
                Task(executorPreference: loop.taskExecutor) { log.add("made by the hook") }
            } else {
                loop.stop()
            }
        }
        for number in 1...3 {
            Task(executorPreference: loop.taskExecutor) {
                log.add("job \(number)")
                await Task.yield()
                log.add("rest of \(number)")
            }
        }
        loop.run()
        #expect(
            log.all == [
                "job 1", "job 2", "job 3", "rest of 1", "rest of 2", "rest of 3", "flush", "made by the hook",
                "flush",
            ])
    }

    @Test("hooks run in the order of their addition, and one may remove itself")
    func severalHooks() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        let first = loop.beforeWait { log.add("first") }
        loop.beforeWait {
            log.add("second")
            first.cancel()
        }
        loop.beforeWait { log.add("third") }
        loop.schedule(after: .milliseconds(1)) { loop.stop() }
        loop.run()
        #expect(log.all.prefix(3) == ["first", "second", "third"])
        #expect(log.all.filter { $0 == "first" }.count == 1)
    }

    @Test("a task that never lets the queue run empty keeps neither hooks nor descriptors waiting")
    func busyTask() async throws {
        let pair = try DescriptorPair.pipe()
        try await withLoop { loop in
            loop.beforeWait { pair.send() }
            let busy = Task(executorPreference: loop.taskExecutor) {
                while !Task.isCancelled { await Task.yield() }
            }
            try await loop.readable(pair.near)
            busy.cancel()
        }
        #expect(DescriptorPair.drain(pair.near) > 0)
    }
}
