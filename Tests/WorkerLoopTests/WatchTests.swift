import Glibc
import Synchronization
import Testing

@testable import WorkerLoop

@Suite("Watches of descriptors", .timeLimit(.minutes(1)))
struct WatchTests {
    /// Runs the loop until it has waited for a while, and counts its turns; few, unless it spins.
    private func turnsInThreeMilliseconds(_ loop: WorkerLoop) -> Int {
        let turns = Mutex(0)
        let hook = loop.beforeWait { turns.withLock { $0 += 1 } }
        loop.schedule(after: .milliseconds(3)) { loop.stop() }
        loop.run()
        hook.cancel()
        return turns.withLock { $0 }
    }

    @Test("the callback comes as long as there is something to read")
    func levelTriggered() throws {
        let pair = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let log = EventLog()
        _ = try loop.watch(pair.near) { ready in
            log.add(loop.isCurrent && ready == .read ? "read" : "wrong")
            guard log.count == 3 else { return }
            loop.stop()
        }
        pair.send()
        loop.run()
        #expect(log.all == ["read", "read", "read"])
    }

    @Test("interest in writing is switched on and off")
    func toggled() throws {
        let pair = try DescriptorPair.sockets()
        let loop = try WorkerLoop()
        let log = EventLog()
        let own = Mutex<DescriptorWatch?>(nil)
        let watch = try loop.watch(pair.near) { ready in
            log.add(ready == .write ? "write" : "other")
            own.withLock { $0 }?.setWriting(false)
        }
        own.withLock { $0 = watch }
        watch.setWriting(true)
        #expect(turnsInThreeMilliseconds(loop) < 20)
        #expect(log.all == ["write"])
        watch.setWriting(true)
        #expect(turnsInThreeMilliseconds(loop) < 20)
        #expect(log.all == ["write", "write"])
        own.withLock { $0 = nil }
    }

    @Test("a cancelled watch calls back no more, even when its event is reported already")
    func cancelledInBatch() throws {
        let first = try DescriptorPair.pipe()
        let second = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let log = EventLog()
        let watches = Mutex<[DescriptorWatch]>([])
        for pair in [first, second] {
            let watch = try loop.watch(pair.near) { _ in
                log.add("called")
                for watch in watches.withLock({ $0 }) { watch.cancel() }
            }
            watches.withLock { $0.append(watch) }
            pair.send()
        }
        #expect(turnsInThreeMilliseconds(loop) < 20)
        #expect(log.all == ["called"])
        watches.withLock { $0 = [] }
    }

    @Test("a callback may close its descriptor and open another of the same number")
    func closedInCallback() throws {
        let pair = try DescriptorPair.pipe()
        let next = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let log = EventLog()
        let number = pair.near
        _ = try loop.watch(number) { _ in
            log.add("first")
            pair.givesUp(number)
            loop.close(number)
            // The lowest free number is the one just closed, unless another thread took it.
            let reused = fcntl(next.near, F_DUPFD_CLOEXEC, number)
            next.send()
            _ = try? loop.watch(reused) { _ in
                log.add("second")
                loop.close(reused)
                loop.stop()
            }
        }
        pair.send()
        loop.run()
        #expect(log.all == ["first", "second"])
    }

    @Test("a hangup is reported to a watch, and does not spin when nothing is asked for")
    func hangup() throws {
        let pair = try DescriptorPair.sockets()
        let loop = try WorkerLoop()
        let log = EventLog()
        let own = Mutex<DescriptorWatch?>(nil)
        let watch = try loop.watch(pair.near) { ready in
            log.add(ready.contains([.read, .hangup]) ? "hangup" : "other")
            own.withLock { $0 }?.setReading(false)
        }
        own.withLock { $0 = watch }
        pair.closeHere(pair.far)
        #expect(turnsInThreeMilliseconds(loop) < 20)
        #expect(log.all == ["hangup"])
        own.withLock { $0 = nil }
    }

    @Test("a file that lives on under another number after its own was closed does not spin")
    func staleRegistration() throws {
        let pair = try DescriptorPair.pipe()
        let other = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let log = EventLog()
        let copy = fcntl(pair.near, F_DUPFD_CLOEXEC, 0)
        defer { Glibc.close(copy) }
        let watch = try loop.watch(pair.near) { _ in log.add("stale") }
        let kept = try loop.watch(other.near) { _ in
            log.add("kept")
            DescriptorPair.drain(other.near)
        }
        loop.schedule(after: .zero) { loop.stop() }
        loop.run()
        pair.closeHere(pair.near)
        watch.cancel()
        pair.send()
        #expect(turnsInThreeMilliseconds(loop) < 20)
        other.send()
        #expect(turnsInThreeMilliseconds(loop) < 20)
        #expect(log.all == ["kept"])
        kept.cancel()
    }

    @Test("a watch from another thread works, and tells of a refusal by its callback")
    func otherThread() async throws {
        let pair = try DescriptorPair.pipe()
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        let ready = try await withUnsafeThrowingContinuation {
            (done: UnsafeContinuation<Readiness, any Error>) in
            do {
                _ = try loop.watch(pair.near) { ready in
                    loop.close(pair.near)
                    done.resume(returning: ready)
                }
                pair.givesUp(pair.near)
                pair.send()
            } catch {
                done.resume(throwing: error)
            }
        }
        #expect(ready == .read)
        let refused = try await withUnsafeThrowingContinuation {
            (done: UnsafeContinuation<Readiness, any Error>) in
            do {
                _ = try loop.watch(1_000_000) { done.resume(returning: $0) }
            } catch {
                done.resume(throwing: error)
            }
        }
        #expect(refused == .error)
        loop.stop()
        thread.join()
    }
}
