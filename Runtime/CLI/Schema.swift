import ArgumentParser
import Manifests

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of the manifest.",
        discussion: """
            Editors complete and check manifest.yaml with it.

            EXAMPLES
              swiftlet schema > manifest.schema.json
              # then, as the manifest's first line:
              # yaml-language-server: $schema=manifest.schema.json
            """)

    func run() {
        Terminal.output(ManifestSchema.jsonSchema())
    }
}
