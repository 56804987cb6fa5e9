import Foundation
import Testing

/// A gateway whose system gives it few descriptors.
@Suite struct DescriptorTests {
    @Test("idle clients cannot take the descriptors that a cold start needs, and none are lost when they leave")
    func idleClients() throws {
        // A hard limit of its own, which `prlimit` sets for the program that it becomes.
        let served = try ServedAPI(
            functions: """
                  Hello: {route: GET /hello, scale: {max: 2}}
                  SleepProbe: {route: GET /sleep, scale: {max: 2}}
                """, wrappedBy: ["/usr/bin/prlimit", "--nofile=200:200"])
        let client = try served.client()
        #expect(try client.get("/hello").status == 200)
        var idle: [APIClient] = []
        for _ in 0..<150 { idle.append(try served.client()) }
        #expect(try client.get("/sleep?ms=1").status == 200)
        #expect(try served.status()["name"] as? String == "test")
        idle.removeAll()
        eventually("somebody new is served") { (try? served.client().get("/hello").status) == 200 }
        #expect(served.log.contains("ulimit -n"))
    }

    @Test("where no memory can be shared, long bodies go by the socket, and the log says so")
    func noMemory() throws {
        let served = try ServedAPI(
            functions: """
                  FunctionProbe: {routes: [POST /probe], env: {PROBE_GREETING: hi}}
                  StreamProbe: {route: "POST /{action}", stream: {request: true}, body: 4MiB}
                """, wrappedBy: ["/usr/bin/prlimit", "--fsize=1000000"])
        let client = try served.client()
        let text = String(repeating: "long ", count: 60_000)
        let answer = try client.post("/probe", json: #"{"action":"echo","text":"\#(text)"}"#)
        #expect(answer.status == 200 && answer.text == "hi \(text)")
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try client.send("POST", "/size", body: body).text == "3000000 of 3000000")
        #expect(served.log.contains("worker without shared memory"))
    }
}
