import Foundation
import Testing

/// The command `swiftlet invoke` in a folder of the test's own: what it prints and how it exits.
@Suite("Invoke")
struct InvokeTests {
    private static func run(_ words: [String]) throws -> Command {
        let folder = try ServedAPI.makeFolder(
            functions: """
                  FunctionProbe: {routes: ["POST /probe", "GET /probe/{id}"], env: {PROBE_GREETING: hi}}
                  Hello: {route: GET /hello}
                """)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try Command.run(["invoke"] + words + ["--manifest", folder + "/manifest.yaml"])
    }

    @Test(
        "wrong usage is exit 2 and a sentence, and nothing is invoked",
        arguments: [
            (["FOO", "/x"], "`FOO` is no method"), (["GET", "users/42"], "write `GET /users/42`"),
            (["Nope"], "There is no function `Nope`"),
            (["GET", "/hello", "-p", "id=1"], "-p fills a function's route"),
            (["Hello", "-p", "id=1"], "without a parameter `id`"),
            (["Hello", "-H", "X Y: 1"], "`X Y` is no name of a header"),
        ])
    func usage(words: [String], sentence: String) throws {
        let outcome = try Self.run(words)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains(sentence), "\(outcome.error)")
    }

    @Test("a parameter that is missing or would lead elsewhere is wrong usage", arguments: [[], ["-p", "id=.."]])
    func parameters(words: [String]) throws {
        let folder = try ServedAPI.makeFolder(functions: "  Hello: {route: \"GET /hello/{id}\"}")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outcome = try Command.run(["invoke", "Hello"] + words + ["--manifest", folder + "/manifest.yaml"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains(words.isEmpty ? "give its parameter: -p id=VALUE" : "`id` cannot be `..`"))
    }

    @Test("a file that cannot be read is exit 1 and says why", arguments: ["-d", "--event"])
    func file(option: String) throws {
        let value = (option == "-d" ? "@" : "") + "/nonexistent"
        let outcome = try Self.run(["Hello", option, value])
        #expect(outcome.status == 1)
        #expect(outcome.error == "The file /nonexistent cannot be read: No such file or directory.\n")
    }

    @Test("--json is one object: status, headers, body, duration")
    func json() throws {
        let outcome = try Self.run(["Hello", "--json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.split(separator: "\n").count == 1)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["status", "headers", "body", "durationMs"])
        #expect(object["status"] as? Int == 200)
        #expect((object["headers"] as? [String: Any])?["content-type"] as? String == "application/json")
        #expect((object["body"] as? [String: Any])?["message"] as? String == "hello")
        #expect(object["durationMs"] is Double)
        let text = try Self.run(["POST", "/probe", "-d", #"{"action":"echo","text":"Ada"}"#, "--json"])
        #expect(text.output.contains(#""body":"hi Ada""#))
        let missing = try Self.run(["GET", "/nowhere", "--json"])
        #expect(missing.status == 1)
        #expect(missing.output.hasPrefix(#"{"status":404,"#) && missing.output.contains(#""code":"NOT_FOUND""#))
    }
}
