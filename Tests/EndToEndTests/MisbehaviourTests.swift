import Foundation
import Testing

/// Workers that break the rules of the wire: the client gets the envelope, the log one clear line, the gateway lives.
@Suite struct MisbehaviourTests {
    static func entry(_ name: String, _ arguments: String, _ route: String) -> String {
        "  \(name): {run: {command: [\(arguments)]}, route: \(route), timeout: 2s}"
    }

    @Test(
        "a worker that breaks off or babbles on its socket in a request is 502 or 503, and others go on",
        arguments: ["garbage", "twice", "other", "huge", "crash", "exit"])
    func inRequest(fault: String) throws {
        let program = Release.folder + "/WorkerProbe"
        let served = try ServedAPI(
            functions: """
                \(Self.entry("Probe", program, "POST /\(fault)"))
                  Hello: {route: GET /hello}
                """)
        let client = try served.client()
        let gateway = served.process.processIdentifier
        let answer = try client.send("POST", "/\(fault)", body: [])
        if fault == "twice" {
            // The first answer is good and may be on its way before the second one shows the fault.
            #expect(answer.status == 200 || answer.status == 502)
        } else {
            #expect(answer.status == 502, "\(answer.text)")
            #expect(try answer.errorCode() == "FUNCTION_CRASHED")
        }
        #expect(try client.get("/hello").status == 200)
        #expect(served.process.isRunning && isAlive(gateway))
        eventually("the log tells of it: \(served.log)") {
            served.logLines().contains {
                $0["level"] as? String == "error" && $0["function"] as? String == "Probe" && $0["worker"] is Int
            }
        }
    }

    @Test("a worker that ends, babbles or hangs up before it is ready is 503", arguments: ["exit", "garbage", "close"])
    func atStart(mode: String) throws {
        let program = Release.folder + "/WorkerProbe"
        let served = try ServedAPI(
            functions: """
                \(Self.entry("Probe", "\(program), \(mode)", "GET /pid"))
                  Hello: {route: GET /hello}
                """)
        let client = try served.client()
        let answer = try client.get("/pid")
        #expect(answer.status == 503, "\(answer.text)")
        #expect(try answer.errorCode() == "FUNCTION_UNAVAILABLE")
        #expect(answer.header("retry-after") != nil)
        #expect(try client.get("/hello").status == 200)
        eventually("the log tells of it: \(served.log)") {
            served.logLines().contains {
                $0["message"] as? String == "worker could not start" && $0["function"] as? String == "Probe"
            }
        }
    }
}
