import ArgumentParser
import Control
import Manifests

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Report every problem of the manifest, and executables that are missing.",
        discussion: """
            Exit status 0 when there is nothing to report, 1 otherwise.

            EXAMPLES
              swiftlet check
              swiftlet check --manifest deploy/manifest.yaml --json
            """)

    @OptionGroup var source: ManifestOption
    @Flag(help: "Print the problems as JSON.") var json = false

    func run() throws {
        let loaded = ManifestSource.load(source.manifest, checkingExecutables: true)
        if json {
            Terminal.output(bytes: loaded.json())
        } else {
            for diagnostic in loaded.diagnostics { Terminal.error(diagnostic.description) }
            if let manifest = loaded.manifest, !loaded.isBroken {
                let count = manifest.functions.count
                Terminal.output("\(source.manifest): \(count) function\(count == 1 ? "" : "s"), no problems")
            }
        }
        if loaded.isBroken {
            if !json { Terminal.error(loaded.summary) }
            throw ExitCode(1)
        }
    }
}
