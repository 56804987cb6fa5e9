import ArgumentParser
import Control

struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make an API key, shown once, with the manifest's lines for it.",
        discussion: """
            Standard output has the key and the lines for `auth.apiKeys.keys`. The manifest holds only its SHA-256; \
            nobody can get the key back from that. To replace a key, list the new hash beside the old one, hand the \
            new key out, then remove the old hash.

            EXAMPLES
              swiftlet key reports --role support
              swiftlet key billing --scope orders:read --expires 2027-01-01
            """)

    @Argument(help: ArgumentHelp("The key's name: the caller's id, in logs and limits too.", valueName: "NAME"))
    var name: String
    @Option(help: "A role of the caller; may be repeated.") var role: [String] = []
    @Option(help: "A scope of the caller; may be repeated.") var scope: [String] = []
    @Option(help: ArgumentHelp("The day on which it ends, at 00:00 UTC.", valueName: "YYYY-MM-DD"))
    var expires: String?
    @Flag(help: "Print key, hash and lines as JSON.") var json = false

    func validate() throws {
        do { _ = try make() } catch let problem as CommandFailure { throw ValidationError(problem.message) }
    }

    func run() throws {
        let key = try make()
        if json {
            Terminal.output(bytes: key.json())
        } else {
            Terminal.output(key.text + "\n\n" + key.manifestLines)
            Terminal.error("Keep the key now: it is not shown again.")
        }
    }

    private func make() throws -> MadeKey { try MadeKey(name: name, roles: role, scopes: scope, expires: expires) }
}
