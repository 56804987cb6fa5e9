import ArgumentParser
import Control
import Manifests

/// `--manifest FILE`, which every command that reads it shares.
struct ManifestOption: ParsableArguments {
    @Option(name: .long, help: "The manifest to read.")
    var manifest = "manifest.yaml"

    /// The manifest, or every problem of it on standard error and exit 1.
    func load() throws -> Manifest {
        let loaded = ManifestSource.load(manifest)
        for diagnostic in loaded.diagnostics { Terminal.error(diagnostic.description) }
        guard let manifest = loaded.manifest else { throw CommandFailure(loaded.summary) }
        return manifest
    }
}
