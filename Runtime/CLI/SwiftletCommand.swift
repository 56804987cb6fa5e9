import ArgumentParser
import Control

/// The command `swiftlet`: one verb a file.
@main
struct SwiftletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet",
        abstract: "A serverless-style function runtime for API handlers, on one machine.",
        discussion: """
            Functions are declared in manifest.yaml; each is a program of its own, started when requests come.

            EXAMPLES
              swiftlet check                      every problem of the manifest
              swiftlet serve                      serve it
              swiftlet invoke GetUser -p id=42    one invocation, without a port
              swiftlet token --as 42               a token to try it with
              swiftlet status                     what the running server does

            Exit status: 0 done; 1 the check, function or command failed; 2 wrong usage.
            """,
        version: Release.version,
        subcommands: [
            Serve.self, Check.self, Invoke.self, Token.self, Key.self, Routes.self, Status.self, OpenAPI.self,
            Schema.self,
        ])

    static func main() async {
        await run(arguments: nil)
    }

    /// Parses and runs; ends the process with the contract's exit status.
    static func run(arguments: [String]?) async {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.error(failure.message)
            Terminal.leave(failure.isUsage ? 2 : 1)
        } catch let code as ExitCode {
            Terminal.leave(code == .validationFailure ? 2 : code.rawValue)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success {
                Terminal.output(text)
                Terminal.leave(0)
            }
            Terminal.error(text)
            Terminal.leave(code == .validationFailure ? 2 : 1)
        }
    }
}
