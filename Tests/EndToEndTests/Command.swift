import Foundation

/// One run of the command `swiftlet` to its end.
struct Command {
    let status: Int32
    let output: String
    let error: String

    static func run(
        _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
    ) throws -> Command {
        let process = Process()
        process.executableURL = URL(filePath: Release.swiftlet)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a pipe that fills up would stop the command.
        let base = FileManager.default.temporaryDirectory.appending(path: "swiftlet-command-\(UUID().uuidString)")
            .path(percentEncoded: false)
        let files = [base + ".out", base + ".err"]
        for file in files { FileManager.default.createFile(atPath: file, contents: nil) }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        try process.run()
        process.waitUntilExit()
        return Command(
            status: process.terminationStatus, output: try String(contentsOfFile: files[0], encoding: .utf8),
            error: try String(contentsOfFile: files[1], encoding: .utf8))
    }
}
