import ArgumentParser
import Control

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the running server does.",
        discussion: """
            Asks the server over .swiftlet/admin.sock beside the manifest.

            EXAMPLES
              swiftlet status
              swiftlet status --json
            """)

    @OptionGroup var source: ManifestOption
    @Flag(help: "Print the status as JSON.") var json = false

    func run() throws {
        let answer = try AdminClient(manifestPath: source.manifest).get("/status")
        if json {
            Terminal.output(bytes: answer + [10])
            return
        }
        let report = try StatusReport(json: answer)
        Terminal.output(report.headline)
        if let database = report.database { Terminal.output(database) }
        Terminal.output(Terminal.columns(report.rows))
    }
}
