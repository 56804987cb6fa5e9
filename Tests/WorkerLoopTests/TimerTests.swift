import Testing

@testable import WorkerLoop

@Suite("Timers of a loop", .timeLimit(.minutes(1)))
struct TimerTests {
    @Test("callbacks come in the order of their times, whatever the order of scheduling")
    func order() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        let start = loop.now()
        for milliseconds in [3, 1, 2, 0] {
            loop.schedule(at: start.advanced(by: .milliseconds(milliseconds))) { log.add("\(milliseconds)") }
        }
        loop.schedule(at: start.advanced(by: .milliseconds(3))) { loop.stop() }
        loop.run()
        #expect(log.all == ["0", "1", "2", "3"])
    }

    @Test("a callback is never early")
    func notEarly() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        for microseconds in [100, 900, 1000, 1001, 2500] {
            let due = loop.now().advanced(by: .microseconds(microseconds))
            loop.schedule(at: due) { log.add(LoopInstant.now >= due ? "due" : "early") }
        }
        loop.schedule(after: .milliseconds(3)) { loop.stop() }
        loop.run()
        #expect(log.all == ["due", "due", "due", "due", "due"])
    }

    @Test("a cancelled timer is gone at once", arguments: [true, false])
    func cancelled(isOnLoop: Bool) async throws {
        let counts = try await withLoop { loop in
            let place: any TaskExecutor = isOnLoop ? loop.taskExecutor : globalConcurrentExecutor
            let timer = await withTaskExecutorPreference(place) { loop.schedule(after: .seconds(3600)) {} }
            let before = loop.timers.count
            await withTaskExecutorPreference(place) {
                loop.cancel(timer)
                loop.cancel(timer)
            }
            return [before, loop.timers.count, loop.remoteTimers.count]
        }
        #expect(counts == [1, 0, 0])
    }

    @Test("a timer that sets itself again does not keep the loop from other work")
    func repeating() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        @Sendable func again() {
            log.add("tick")
            if log.count < 50 { loop.schedule(after: .zero) { again() } } else { loop.stop() }
        }
        loop.schedule(after: .zero) { again() }
        loop.post { log.add("post") }
        loop.run()
        #expect(log.all.first == "post" || log.all[1] == "post")
        #expect(log.count == 50)
    }

    @Test("Task.sleep of a task that prefers the loop waits on the loop's timers")
    func sleep() async throws {
        let (isOnLoop, waited) = try await withLoop { loop in
            let start = loop.now()
            try await Task.sleep(for: .milliseconds(2))
            return (loop.isCurrent, start.duration(to: loop.now()))
        }
        #expect(isOnLoop)
        #expect(waited >= .milliseconds(2))
    }

    @Test("a cancelled Task.sleep ends at once")
    func cancelledSleep() async throws {
        let error = try await withLoop { loop in
            let sleeper = Task(executorPreference: loop.taskExecutor) {
                try await Task.sleep(for: .seconds(3600))
            }
            await Task.yield()
            sleeper.cancel()
            return await thrown { try await sleeper.value }
        }
        #expect(error is CancellationError)
    }
}
