import ArgumentParser
import Control
import Manifests

struct Routes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the routes of the manifest.",
        discussion: """
            EXAMPLES
              swiftlet routes
              swiftlet routes --json
            """)

    @OptionGroup var source: ManifestOption
    @Flag(help: "Print the routes as JSON.") var json = false

    func run() throws {
        let table = RouteTable(try source.load())
        if json {
            Terminal.output(bytes: table.json())
        } else {
            let rows = table.rows.map { [$0.method, $0.path, $0.version, $0.function] }
            Terminal.output(Terminal.columns([["METHOD", "PATH", "VERSION", "FUNCTION"]] + rows))
        }
    }
}
