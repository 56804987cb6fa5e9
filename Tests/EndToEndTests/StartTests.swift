import Foundation
import Testing

/// What is said when something does not start.
@Suite struct StartTests {
    @Test("programs that never become ready keep no other function from starting")
    func hanging() throws {
        let hanging = (1...12).map { number in
            #"  Hang\#(number): {route: GET /hang\#(number), run: {command: [/bin/sleep, "60"]}}"#
        }
        let served = try ServedAPI(functions: (hanging + ["  Hello: {route: GET /hello}"]).joined(separator: "\n"))
        var waiting: [APIClient] = []
        for number in 1...12 {
            let client = try served.client()
            try client.start("GET", "/hang\(number)")
            waiting.append(client)
        }
        eventually("some hang") { ((try? served.status(of: "Hang1"))?["workers"] as? [String: Int])?["starting"] == 1 }
        // A client that left would take its start back.
        try withExtendedLifetime(waiting) {
            let start = ContinuousClock.now
            let answer = try served.client().get("/hello")
            #expect(answer.status == 200)
            #expect(start.duration(to: .now) < .seconds(4))
        }
    }

    @Test("a broken manifest is every problem with its line, exit 1, and nothing is left behind")
    func brokenManifest() throws {
        let folder = try ServedAPI.makeFolder(functions: "  Hello: {route: GET hello, tiemout: 5s}")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for verb in ["serve", "check"] {
            let outcome = try Command.run([verb], in: folder)
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("manifest.yaml:8:"))
            #expect(outcome.error.contains("`timeout`"), "\(outcome.error)")
            #expect(outcome.error.contains("  fix: "))
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/.swiftlet"))
    }

    @Test("a missing executable is a sentence with the line and the fix, exit 1")
    func missingExecutable() throws {
        let folder = try ServedAPI.makeFolder(functions: "  Absent: {route: GET /absent}")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for verb in ["serve", "check"] {
            let outcome = try Command.run([verb], in: folder)
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("manifest.yaml:8:3: error:"), "\(outcome.error)")
            #expect(outcome.error.contains("Absent"))
            #expect(outcome.error.contains("swift build -c release --product Absent"))
        }
    }

    @Test("a port in use is a sentence, exit 1, and no worker is left")
    func portInUse() throws {
        let first = try ServedAPI(functions: "  Hello: {route: GET /hello}")
        let folder = try ServedAPI.makeFolder(functions: "  Hello: {route: GET /hello, scale: {min: 1}}")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outcome = try Command.run(["serve", "--port", "\(first.port)"], in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("cannot listen on 127.0.0.1:\(first.port)"), "\(outcome.error)")
        #expect(processes(naming: folder).isEmpty)
        #expect(try first.client().get("/hello").status == 200)
    }

    @Test("an address that there is not is a sentence with what to write, exit 1")
    func noSuchAddress() throws {
        let folder = try ServedAPI.makeFolder(functions: "  Hello: {route: GET /hello}")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/manifest.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacing("127.0.0.1:0", with: "256.1.1.1:80").utf8).write(to: URL(filePath: path))
        let outcome = try Command.run(["serve"], in: folder)
        #expect(outcome.status == 1)
        #expect(
            outcome.error == "cannot listen on 256.1.1.1:80: there is no such address; write an IP address of this "
                + "machine, such as 127.0.0.1 or 0.0.0.0\n")
    }

    @Test("a second server of one folder is a sentence that names the folder, exit 1, and the first one serves on")
    func folderInUse() throws {
        let first = try ServedAPI(functions: "  Hello: {route: GET /hello}")
        let outcome = try Command.run(["serve"], in: first.folder)
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("another swiftlet serves from this folder ("), "\(outcome.error)")
        #expect(outcome.error.contains("/.swiftlet); stop it, or serve the other manifest from a folder of its own"))
        #expect(try first.client().get("/hello").status == 200)
        let status = try first.status()
        #expect(status["name"] as? String == "test")
    }

    @Test("a missing manifest is a sentence, exit 1")
    func missingManifest() throws {
        let outcome = try Command.run(["serve", "--manifest", "/nowhere/manifest.yaml"])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("/nowhere/manifest.yaml"))
        #expect(outcome.error.contains("fix: "))
    }

    @Test("a function that fails at start: 503 by the envelope, one clear log line, the gateway untouched")
    func failingStart() throws {
        let served = try ServedAPI(
            functions: """
                  SleepProbe: {route: GET /sleep, env: {FAIL_AT_START: "yes"}}
                  Hello: {route: GET /hello}
                """)
        let client = try served.client()
        let answer = try client.get("/sleep")
        #expect(answer.status == 503)
        #expect(try answer.errorCode() == "FUNCTION_UNAVAILABLE")
        #expect(answer.header("retry-after") != nil)
        #expect(try client.get("/hello").status == 200)
        let lines = served.logLines().filter {
            $0["function"] as? String == "SleepProbe" && $0["level"] as? String == "error"
        }
        #expect(lines.contains { "\($0)".contains("told to fail at start") }, "\(served.log)")
    }

    @Test(
        "wrong usage is exit 2 and says what to write",
        arguments: [
            ["serve", "--prot", "1"], ["serve", "--port", "99999"], ["frobnicate"], ["invoke"],
            ["invoke", "Hello", "-p", "novalue"], ["invoke", "a", "b", "c"], ["key", "a b"],
            ["key", "reports", "--expires", "2020-01-01"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 2, "\(outcome.error)")
        #expect(!outcome.error.isEmpty)
        #expect(outcome.output.isEmpty)
    }

    @Test("wrong usage of a verb ends with the usage of that verb")
    func usageOfKey() throws {
        let outcome = try Command.run(["key", "a b"])
        #expect(outcome.error.contains("NAME `a b` must be"), "\(outcome.error)")
        #expect(outcome.error.contains("Usage: swiftlet key <NAME>"), "\(outcome.error)")
    }

    @Test("an example in the help can be copied: it is one line")
    func wholeExamples() throws {
        let token = try Command.run(["token", "--help"])
        #expect(
            token.output.contains(
                "\n  curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8080/api/users\n"), "\(token.output)")
        let invoke = try Command.run(["invoke", "--help"])
        #expect(
            invoke.output.contains(
                "\n  {\"status\":200,\"headers\":{…},\"body\":{\"id\":42},\"durationMs\":7.31}\nThe body"),
            "\(invoke.output)")
    }

    @Test("help shows examples", arguments: ["serve", "check", "invoke", "routes", "status", "schema"])
    func help(verb: String) throws {
        let outcome = try Command.run([verb, "--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("EXAMPLES"))
        #expect(outcome.output.contains("swiftlet \(verb)"))
    }
}
