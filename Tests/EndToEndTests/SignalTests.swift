import Foundation
import Testing

/// What signals make of a running server.
@Suite struct SignalTests {
    /// A server with a request at work that takes so many milliseconds, and the client that waits for it.
    private static func busy(milliseconds: Int) throws -> (served: ServedAPI, client: APIClient) {
        let served = try ServedAPI(
            functions: "  SleepProbe: {route: GET /sleep, timeout: 60s}\n  Hello: {route: GET /hello}")
        let client = try served.client()
        try client.start("GET", "/sleep?ms=\(milliseconds)")
        eventually("the request is at work") { (try? served.status(of: "SleepProbe")["inFlight"] as? Int) == 1 }
        return (served, client)
    }

    private static func says(_ served: ServedAPI, _ text: String) -> Bool {
        served.logLines().contains { ($0["message"] as? String)?.contains(text) == true }
    }

    @Test("SIGHUP is a warning: the request in flight is answered, and the server goes on")
    func hangUp() throws {
        let (served, client) = try Self.busy(milliseconds: 500)
        #expect(kill(served.process.processIdentifier, SIGHUP) == 0)
        eventually("the warning is in the log") { Self.says(served, "SIGHUP: a changed manifest is not applied") }
        let answer = try client.read()
        #expect(answer.status == 200)
        let next = try client.get("/hello")
        #expect(next.status == 200)
        #expect(served.process.isRunning)
        served.stop()
        #expect(served.process.terminationStatus == 0)
    }

    @Test("a second SIGTERM stops at once: the request is told so, no socket and no worker is left")
    func twice() throws {
        let (served, client) = try Self.busy(milliseconds: 30_000)
        let workers = served.workers()
        let pid = served.process.processIdentifier
        #expect(kill(pid, SIGTERM) == 0)
        eventually("the log says what is waited for") {
            Self.says(served, "shutting down: waiting for 1 request, at most 30s")
        }
        // What comes within half a second of the first counts as the first.
        let heard = ContinuousClock.now
        eventually("half a second has passed") { heard.duration(to: .now) > .milliseconds(500) }
        #expect(kill(pid, SIGTERM) == 0)
        eventually("the server is gone", within: .seconds(2)) { !served.process.isRunning }
        #expect(!served.process.isRunning)
        served.stop()
        let answer = try client.read()
        #expect(answer.status == 503 && answer.header("connection") == "close" && answer.header("retry-after") == "1")
        #expect(try answer.errorCode() == "FUNCTION_UNAVAILABLE")
        #expect(
            served.logLines().contains {
                ($0["url"] as? String)?.hasPrefix("/sleep") == true && $0["status"] as? Int == 503
            })
        #expect(served.process.terminationReason == .exit)
        #expect(served.process.terminationStatus == 0)
        #expect(!workers.isEmpty && workers.allSatisfy { !isAlive($0) })
        #expect(!FileManager.default.fileExists(atPath: served.folder + "/.swiftlet/admin.sock"))
    }
}
