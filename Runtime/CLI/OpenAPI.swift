import ArgumentParser
import Control
import Manifests

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the OpenAPI 3.1 description of the API.",
        discussion: """
            It has every route with its parameters, schemas, security, pages and errors, and is made from the manifest \
            alone: nothing needs to run.

            EXAMPLES
              swiftlet openapi > openapi.json
              swiftlet openapi --manifest deploy/manifest.yaml --json
            """)

    @OptionGroup var source: ManifestOption
    @Flag(help: "Print it in one line.") var json = false

    func run() throws {
        let description = APIDescription(try source.load())
        if json {
            Terminal.output(bytes: description.json())
        } else {
            Terminal.output(description.text)
        }
    }
}
