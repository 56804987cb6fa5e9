import Glibc
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPServing

/// How a listener goes through a shortage, by a clock that the test turns.
@Suite("Stopping to accept")
struct AcceptGateTests {
    final class Recorder: HTTPServerObserver {
        private let told = Mutex<[String]>([])
        var events: [String] { told.withLock { $0 } }
        func acceptingPaused(_ cause: AcceptPause) { told.withLock { $0.append(cause.rawValue) } }
        func acceptingResumed() { told.withLock { $0.append("resumed") } }
    }

    private let recorder = Recorder()
    private let loop = EmbeddedEventLoop()

    private func listener(cap: Int = 10) -> EmbeddedChannel {
        EmbeddedChannel(
            handler: AcceptGate(count: ConnectionCount(cap: cap), observer: recorder), loop: loop)
    }

    private func connection() -> EmbeddedChannel { EmbeddedChannel(loop: loop) }

    @Test(
        "out of descriptors it is told once, however often accepting fails again", arguments: [EMFILE, ENFILE, ENOMEM])
    func resources(number: Int32) throws {
        let listener = listener()
        for _ in 0..<20 {
            listener.pipeline.fireErrorCaught(IOError(errnoCode: number, reason: "accept"))
            loop.advanceTime(by: .milliseconds(200))
        }
        #expect(recorder.events == ["resources"])
        loop.advanceTime(by: .milliseconds(999))
        #expect(recorder.events == ["resources"])
        loop.advanceTime(by: .milliseconds(1))
        #expect(recorder.events == ["resources", "resumed"])
        listener.pipeline.fireErrorCaught(IOError(errnoCode: number, reason: "accept"))
        #expect(recorder.events == ["resources", "resumed", "resources"])
        _ = try listener.finish(acceptAlreadyClosed: true)
    }

    @Test("a client that goes away before it is accepted stops nothing")
    func aborted() throws {
        let listener = listener()
        listener.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        #expect(recorder.events.isEmpty)
        _ = try listener.finish(acceptAlreadyClosed: true)
    }

    @Test("clients that come and go at the cap are one shortage")
    func cap() throws {
        let listener = listener(cap: 1)
        for _ in 0..<20 {
            let connection = connection()
            listener.pipeline.fireChannelRead(connection as any Channel)
            connection.close(promise: nil)
            loop.run()
            loop.advanceTime(by: .milliseconds(100))
        }
        #expect(recorder.events == ["connectionCap"])
        loop.advanceTime(by: .seconds(1))
        #expect(recorder.events == ["connectionCap", "resumed"])
        _ = try listener.finish(acceptAlreadyClosed: true)
    }
}
