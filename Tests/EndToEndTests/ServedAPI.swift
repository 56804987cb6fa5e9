import Foundation
import Testing

/// A running `swiftlet serve` of a manifest of the test's own, in a folder of its own, on a free port.
final class ServedAPI {
    let folder: String
    let process = Process()
    let logPath: String
    private(set) var port = 0

    /// Starts it and waits until it serves.
    /// - Parameters:
    ///   - functions: the manifest's text from `functions:` on, indented as it is to stand there.
    ///   - top: further keys of the manifest's top.
    ///   - server: further keys of its `server`.
    ///   - wrapper: a program that becomes the server, with its arguments.
    convenience init(
        functions: String, top: String = "", server: String = "", threads: Int = 1,
        environment: [String: String] = [:],
        wrappedBy wrapper: [String] = [], waiting: Bool = true
    ) throws {
        try self.init(
            folder: Self.makeFolder(functions: functions, top: top, server: server, threads: threads),
            environment: environment, wrappedBy: wrapper, waiting: waiting)
    }

    /// Starts it in a folder that has a `manifest.yaml`, and that is removed in the end.
    init(
        folder: String, environment: [String: String] = [:], wrappedBy wrapper: [String] = [], waiting: Bool = true
    ) throws {
        self.folder = folder
        logPath = folder + "/log"
        FileManager.default.createFile(atPath: logPath, contents: nil)
        let words = wrapper + [Release.swiftlet, "serve", "--manifest", folder + "/manifest.yaml"]
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ["PATH": "/usr/bin:/bin", "SWIFTLET_TEST_FOLDER": folder].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: logPath)
        try process.run()
        if waiting {
            eventually("the server serves; its log: \(log)") {
                guard process.isRunning else { return true }
                port = listeningPort() ?? 0
                return port != 0
            }
            guard port != 0 else { throw TestFailure("the server did not start: \(log)") }
        }
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A folder with a manifest; port 0 takes a free one, which the log tells.
    static func makeFolder(
        functions: String, top: String = "", server: String = "", threads: Int = 1
    ) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlet-e2e-\(UUID().uuidString)")
            .path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            swiftlet: 1
            name: test
            executables: \(Release.folder)
            server: {listen: "127.0.0.1:0", threads: \(threads)\(server.isEmpty ? "" : ", " + server)}
            defaults: {auth: none}
            \(top)
            functions:
            \(functions)
            """
        try Data(text.utf8).write(to: URL(filePath: folder + "/manifest.yaml"))
        return folder
    }

    var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// The log's lines as JSON objects.
    func logLines() -> [[String: Any]] {
        log.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    func client() throws -> APIClient { try APIClient(port: port) }

    /// The JSON of an admin path, through the command.
    func status() throws -> [String: Any] {
        let outcome = try Command.run(["status", "--json", "--manifest", folder + "/manifest.yaml"])
        guard outcome.status == 0,
            let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        else { throw TestFailure("no status: \(outcome.error)") }
        return object
    }

    /// One function's part of the status.
    func status(of function: String) throws -> [String: Any] {
        let functions = try status()["functions"] as? [[String: Any]] ?? []
        guard let found = functions.first(where: { $0["name"] as? String == function }) else {
            throw TestFailure("no status of \(function)")
        }
        return found
    }

    /// The processes that the gateway has started and that still live.
    func workers() -> [Int32] {
        let pid = process.processIdentifier
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.flatMap { thread -> [Int32] in
            let path = "/proc/\(pid)/task/\(thread)/children"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let end = ContinuousClock.now + .seconds(15)
        while process.isRunning && ContinuousClock.now < end {
            var pause = timespec(tv_sec: 0, tv_nsec: 2_000_000)
            nanosleep(&pause, nil)
        }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private func listeningPort() -> Int? {
        for line in logLines() {
            if let address = line["address"] as? String, line["message"] as? String == "listening",
                let colon = address.lastIndex(of: ":")
            {
                return Int(address[address.index(after: colon)...])
            }
        }
        return nil
    }
}
