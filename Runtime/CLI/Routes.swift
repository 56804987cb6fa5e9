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
              swiftlet routes --roles     who may call which
            """)

    @OptionGroup var source: ManifestOption
    @Flag(help: "Print the routes as JSON.") var json = false
    @Flag(help: "Print which roles may call which route.") var roles = false

    func run() throws {
        let manifest = try source.load()
        let table = RouteTable(manifest)
        if roles {
            let matrix = RoleMatrix(manifest)
            if json { Terminal.output(bytes: matrix.json()) } else { Terminal.output(Terminal.columns(matrix.lines)) }
        } else if json {
            Terminal.output(bytes: table.json())
        } else {
            let rows = table.rows.map { [$0.method, $0.path, $0.version, $0.function] }
            Terminal.output(Terminal.columns([["METHOD", "PATH", "VERSION", "FUNCTION"]] + rows))
        }
    }
}
