import Foundation
import Testing

/// What clients see while processes are killed.
@Suite(.serialized) struct KillTests {
    @Test("twenty workers killed under 64 connections of GETs: no request fails, and the log shows the retries")
    func killedWorkers() throws {
        let served = try ServedAPI(
            functions: "  SleepProbe: {route: GET /sleep, scale: {min: 2, max: 4, concurrency: 32}}",
            top: "log: {requests: none}")
        let seconds = Int(ProcessInfo.processInfo.environment["SWIFTLET_FAULT_SECONDS"] ?? "") ?? 6
        let kills = 20 * max(1, seconds / 20)
        let load = try Load(port: served.port, target: "/sleep?ms=5", connections: 64)
        var killed = 0
        for _ in 0..<kills {
            let before = load.answered
            // Each kill hits workers that are at work, and no request that a kill before it has hit already: that one would
            // have had its second try.
            eventually("the load goes on: \(load.problems)") {
                zip(load.answered, before).allSatisfy { $0 >= $1 + 4 } || !load.problems.isEmpty
            }
            var victim: Int32?
            eventually("there is a worker to kill") {
                victim = served.workers().randomElement()
                return victim != nil
            }
            if let victim, kill(victim, SIGKILL) == 0 { killed += 1 }
        }
        load.stop()
        #expect(killed == kills)
        #expect(load.problems.isEmpty, "\(load.problems.prefix(3))")
        #expect(load.answered.allSatisfy { $0 >= 4 * kills })
        let retries = served.logLines().filter { $0["message"] as? String == "invocation retried" }
        #expect(!retries.isEmpty, "no retry in the log: \(served.log.suffix(2000))")
        #expect(retries.allSatisfy { ($0["requestId"] as? String)?.hasPrefix("req_") == true })
    }

    @Test("the gateway killed: no process of it is left after a second")
    func killedGateway() throws {
        let served = try ServedAPI(
            functions:
                "  SleepProbe: {route: GET /sleep, scale: {min: 3, max: 4}}\n  Hello: {route: GET /hello, scale: {min: 1}}"
        )
        eventually("the workers are there") { served.workers().count == 4 }
        let workers = served.workers()
        #expect(workers.count == 4)
        kill(served.process.processIdentifier, SIGKILL)
        eventually("all workers are gone", within: .seconds(1)) { workers.allSatisfy { !isAlive($0) } }
        #expect(processes(naming: served.folder).isEmpty)
    }

    @Test("SIGTERM lets the request in flight finish, and leaves no process")
    func terminated() throws {
        let served = try ServedAPI(functions: "  SleepProbe: {route: GET /sleep}")
        let client = try served.client()
        try client.write(Array("GET /sleep?ms=400 HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        eventually("the request is at work") { (try? served.status(of: "SleepProbe")["inFlight"] as? Int) == 1 }
        let workers = served.workers()
        served.process.terminate()
        let answer = try client.read()
        #expect(answer.status == 200)
        #expect(answer.header("connection") == "close")
        served.process.waitUntilExit()
        #expect(served.process.terminationStatus == 0)
        #expect(!workers.isEmpty && workers.allSatisfy { !isAlive($0) })
    }

    @Test("a crash with a POST in flight is 502, and the next request is served")
    func crashedPost() throws {
        let served = try ServedAPI(functions: "  SleepProbe: {route: POST /sleep}")
        let client = try served.client()
        let crash = try client.post("/sleep", json: #"{"trap":true}"#)
        #expect(crash.status == 502)
        #expect(try crash.errorCode() == "FUNCTION_CRASHED")
        #expect(try client.post("/sleep", json: #"{"ms":1}"#).status == 200)
    }

    @Test("handlers that go on in spite of their cancellation do not keep a function from being served")
    func endlessAwaits() throws {
        let served = try ServedAPI(
            functions: """
                  FunctionProbe:
                    {route: POST /probe, timeout: 200ms, scale: {max: 1, concurrency: 2}, env: {PROBE_GREETING: hi}}
                """)
        let client = try served.client()
        let before = served.workers()
        for _ in 0..<2 {
            #expect(try client.post("/probe", json: #"{"action":"deaf"}"#).status == 504)
        }
        // Both places are taken: it waits for another worker, which takes over after 2 s.
        #expect(try client.post("/probe", json: #"{"action":"echo","text":"you"}"#).text == "hi you")
        #expect(
            served.logLines().contains {
                $0["message"] as? String == "worker is replaced: cancelled requests do not end"
            })
        eventually("the first worker is gone") { served.workers().count == 1 && served.workers() != before }
    }

    @Test("an endless loop is 504 at the deadline, and its worker is ended")
    func endlessLoop() throws {
        let served = try ServedAPI(functions: "  SleepProbe: {route: POST /sleep, timeout: 300ms}")
        let client = try served.client()
        let start = ContinuousClock.now
        let answer = try client.post("/sleep", json: #"{"ms":600000,"spin":true}"#)
        #expect(answer.status == 504)
        #expect(try answer.errorCode() == "FUNCTION_TIMEOUT")
        #expect(start.duration(to: .now) >= .milliseconds(290))
        let spinning = served.workers()
        eventually("the spinning worker is gone") { spinning.allSatisfy { !isAlive($0) } }
        #expect(try client.post("/sleep", json: #"{"ms":1}"#).status == 200)
    }
}
