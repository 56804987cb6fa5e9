import Foundation
import TestSupport
import Testing

/// More clients than there is room for.
@Suite("Scarcity", .timeLimit(.minutes(1)))
struct ScarcityTests {
    private static let pause = "no connections are accepted for now"
    private static let end = "connections are accepted again"

    @Test("without descriptors it waits for them with an idle processor, and serves fully within a second after")
    func descriptors() throws {
        let served = try ServedAPI(functions: "  Hello: {route: GET /hello}")
        let old = try served.client()
        #expect(try old.get("/hello").status == 200)
        let pid = served.process.processIdentifier
        try Self.setLimit(of: pid, to: Self.descriptors(of: pid) + 4)
        try Self.expectPatience(served, old, clients: 30, reason: "resources")
        #expect(try served.status()["name"] as? String == "test")
    }

    @Test("at the connection cap it waits for room with an idle processor, and serves fully within a second after")
    func cap() throws {
        let served = try ServedAPI(functions: "  Hello: {route: GET /hello}", server: "maxConnections: 5")
        let old = try served.client()
        #expect(try old.get("/hello").status == 200)
        try Self.expectPatience(served, old, clients: 30, reason: "connectionCap")
    }

    @Test("idle clients of the admin listener leave the descriptors to the others")
    func admin() throws {
        let served = try ServedAPI(
            functions: """
                  Hello: {route: GET /hello}
                  SleepProbe: {route: GET /sleep}
                """, server: #"admin: "0.0.0.0:0""#, wrappedBy: ["/usr/bin/prlimit", "--nofile=150:150"])
        let line = served.logLines().first { $0["message"] as? String == "admin is listening" }
        let port = try #require(Int((line?["address"] as? String ?? "").split(separator: ":").last ?? ""))
        let idle = try (0..<150).map { _ in try RawSocket(port: port) }
        #expect(try served.get("/hello").status == 200)
        #expect(try served.get("/sleep?ms=1").status == 200)
        #expect(idle.count == 150)
    }

    /// Fills the server up with idle clients; those that it has go on, the others wait; then all leave.
    private static func expectPatience(
        _ served: ServedAPI, _ old: APIClient, clients: Int, reason: String
    ) throws {
        let pid = served.process.processIdentifier
        var idle = try (0..<clients).map { _ in try RawSocket(port: served.port) }
        eventually("accepting stops") { served.log.contains(Self.pause) }
        let waiting = try RawSocket(port: served.port)
        try waiting.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        let before = try Self.processorTime(of: pid)
        #expect(!waiting.isAnswered(within: 2000))
        let used = try Self.processorTime(of: pid) - before
        #expect(used < .milliseconds(100), "of two seconds")
        #expect(try old.get("/hello").status == 200)
        idle.removeAll()
        let left = ContinuousClock.now
        #expect(try waiting.receiveResponse().status == 200)
        for _ in 0..<20 { #expect(try served.get("/hello").status == 200) }
        #expect(ContinuousClock.now - left < .seconds(1))
        eventually("the log has the end") { served.log.contains(Self.end) }
        // One shortage is one line, however often accepting was tried.
        let lines = served.logLines().filter { $0["message"] as? String == Self.pause }
        #expect(lines.count == 1)
        #expect(lines.first?["reason"] as? String == reason)
        #expect(served.log.components(separatedBy: Self.end).count == 2)
    }

    private static func descriptors(of pid: Int32) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }

    /// Lets the running process have only so many descriptors.
    private static func setLimit(of pid: Int32, to count: Int) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/prlimit")
        process.arguments = ["--pid", "\(pid)", "--nofile=\(count):\(count)"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestFailure("prlimit failed") }
    }

    /// What the process has computed so far, in user and system mode.
    private static func processorTime(of pid: Int32) throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw TestFailure("no processor time: \(stat)")
        }
        return .milliseconds((user + system) * 1000 / max(1, sysconf(Int32(_SC_CLK_TCK))))
    }
}
