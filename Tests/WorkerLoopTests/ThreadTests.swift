import Glibc
import Synchronization
import Testing

@testable import WorkerLoop

@Suite("Other threads and a loop", .timeLimit(.minutes(1)))
struct ThreadTests {
    @Test("callbacks from many threads all run, each thread's in its order, on the loop's thread")
    func manyThreads() throws {
        let loop = try WorkerLoop()
        let threads = 8
        let each = 2000
        let seen = Mutex<(next: [Int], total: Int, wrong: Int)>((Array(repeating: 0, count: threads), 0, 0))
        for thread in 0..<threads {
            let handle = try WorkerLoop.startThread(named: "sender") {
                for number in 0..<each {
                    loop.post {
                        let isLast = seen.withLock { seen in
                            if seen.next[thread] != number || !loop.isCurrent { seen.wrong += 1 }
                            seen.next[thread] = number + 1
                            seen.total += 1
                            return seen.total == threads * each
                        }
                        if isLast { loop.stop() }
                    }
                }
            }
            pthread_detach(handle)
        }
        loop.run()
        #expect(seen.withLock { $0.total } == threads * each)
        #expect(seen.withLock { $0.wrong } == 0)
    }

    @Test("tasks started elsewhere run on the loop that they prefer")
    func tasks() async throws {
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        let onLoop = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2000 { group.addTask(executorPreference: loop.taskExecutor) { loop.isCurrent } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        loop.stop()
        thread.join()
        #expect(onLoop == 2000)
        #expect(WorkerLoop.current == nil)
    }

    @Test("two sleeping loops wake each other every time")
    func pingPong() async throws {
        let rounds = 3000
        let first = try WorkerLoop()
        let second = try WorkerLoop()
        let threads = [try first.runOnOwnThread(), try second.runOnOwnThread()]
        let last = await withUnsafeContinuation { (done: UnsafeContinuation<Int, Never>) in
            @Sendable func hit(_ round: Int) {
                guard round < rounds else { return done.resume(returning: round) }
                (round % 2 == 0 ? first : second).post { hit(round + 1) }
            }
            hit(0)
        }
        first.stop()
        second.stop()
        for thread in threads { thread.join() }
        #expect(last == rounds)
    }

    @Test("an actor pinned to the loop is isolated on the loop's thread, called from anywhere")
    func pinnedActor() async throws {
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        let actor = PinnedActor(loop)
        let count = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<500 { group.addTask { await actor.increment() } }
            var count = 0
            for await isOnLoop in group where isOnLoop { count += 1 }
            return count
        }
        #expect(count == 500)
        #expect(await actor.value == 500)
        loop.stop()
        thread.join()
    }

    @Test("a stopped loop goes on where it was when it is run again")
    func runAgain() throws {
        let loop = try WorkerLoop()
        let log = EventLog()
        loop.stop()
        loop.post { log.add("posted") }
        loop.run()
        #expect(log.all.isEmpty)
        loop.schedule(after: .milliseconds(1)) { loop.stop() }
        loop.run()
        #expect(log.all == ["posted"])
    }

    @Test("a stop is never missed, whatever the loop is doing when it comes")
    func stopRaces() async throws {
        let loop = try WorkerLoop()
        let ran = Atomic<Int>(0)
        for _ in 0..<2000 {
            let thread = try loop.runOnOwnThread()
            loop.post { ran.wrappingAdd(1, ordering: .relaxed) }
            loop.stop()
            thread.join()
        }
        // What was posted too late for one run is left for the next.
        loop.schedule(after: .milliseconds(1)) { loop.stop() }
        loop.run()
        #expect(ran.load(ordering: .relaxed) == 2000)
    }

    @Test("a loop that nobody holds any more ends, and what is left for it later is harmless")
    func released() async throws {
        weak var observed: WorkerLoop?
        let executor: LoopExecutor
        do {
            let loop = try WorkerLoop()
            observed = loop
            executor = loop.taskExecutor
            let thread = try loop.runOnOwnThread()
            await Task(executorPreference: loop.taskExecutor) {}.value
            loop.stop()
            thread.join()
        }
        #expect(observed == nil)
        Task(executorPreference: executor) {}
    }
}

private actor PinnedActor {
    private let loop: WorkerLoop
    private(set) var value = 0
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }

    init(_ loop: WorkerLoop) {
        self.loop = loop
    }

    func increment() -> Bool {
        preconditionIsolated()
        value += 1
        return loop.isCurrent
    }
}
