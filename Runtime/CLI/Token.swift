import ArgumentParser
import Control
import Manifests

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a token signed with the manifest's secret, for trying things.",
        discussion: """
            The token goes to standard output, alone on a line. It has the issuer, the audience and the claim names that \
            the manifest asks for, so the server that reads the same manifest accepts it.

            EXAMPLES
              swiftlet token --as 42 --role admin
              swiftlet token --as 42 --scope users:read --scope users:write --for 1h
              TOKEN=$(swiftlet token --as 42 --role admin)
              curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/api/users
            """)

    @OptionGroup var source: ManifestOption
    @Option(name: .customLong("as"), help: ArgumentHelp("The caller's id.", valueName: "ID")) var identity: String
    @Option(help: "A role of the caller; may be repeated.") var role: [String] = []
    @Option(help: "A scope of the caller; may be repeated.") var scope: [String] = []
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long it is good; default: the manifest's auth.jwt.expiresIn.", valueName: "DURATION"))
    var lifetime: String?
    @Flag(help: "Print the token and when it ends as JSON.") var json = false

    func validate() throws {
        guard !identity.isEmpty else { throw ValidationError("--as needs an id, such as --as 42.") }
        if let lifetime {
            guard let duration = DurationText.parse(lifetime), duration > .zero else {
                throw ValidationError(
                    "--for '\(lifetime)' is no duration; write one such as 15m, 1h or 24h, at most a year.")
            }
        }
    }

    func run() async throws {
        let token = try await TokenMaker.make(
            try source.load(), id: identity, roles: role, scopes: scope,
            lifetime: lifetime.flatMap(DurationText.parse))
        if json { Terminal.output(bytes: token.json()) } else { Terminal.output(token.text) }
    }
}
