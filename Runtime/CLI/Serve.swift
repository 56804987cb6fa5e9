import ArgumentParser
import Control

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the manifest.",
        discussion: """
            Runs in the foreground; the log goes to standard error. SIGTERM and SIGINT finish what is in flight \
            (server.shutdown) and stop; a second one, half a second later or more, stops at once. SIGHUP does the same \
            when standard error is a terminal, and else is a warning in the log: a changed manifest is not applied yet.

            EXAMPLES
              swiftlet serve
              swiftlet serve --port 9000
              swiftlet serve --manifest deploy/manifest.yaml
            """)

    @OptionGroup var source: ManifestOption
    @Option(help: "Listen on this port instead of the manifest's; 0 takes a free one.")
    var port: Int?

    func validate() throws {
        if let port, !(0...65_535).contains(port) {
            throw ValidationError("--port \(port) is no port; write a number from 0 to 65535.")
        }
    }

    func run() async throws {
        var manifest = try source.load()
        if let port { try manifest.listen(onPort: port) }
        try await Server.run(manifest)
    }
}
