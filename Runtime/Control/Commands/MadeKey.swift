import Gateway
import Glibc
import JSONCoding
import Manifests

/// A new API key with what the manifest is to say of it.
public struct MadeKey: Sendable {
    /// The key: shown once.
    public let text: String
    /// Its SHA-256, in hexadecimal.
    public let hash: String
    /// The lines for the manifest's `auth`.
    public let manifestLines: String

    /// Makes a key from the system's random numbers.
    ///
    /// - Throws: `CommandFailure` where the manifest would refuse the lines, and where the key has ended already.
    public init(name: String, roles: [String], scopes: [String], expires: String?) throws {
        guard Self.isName(name) else {
            throw CommandFailure(
                "NAME `\(name)` must be 1 to 64 letters, digits, `.`, `_` or `-`; write something like `reports`")
        }
        let key = APIKey.make()
        text = key.text
        hash = key.hash
        let line = key.manifestLine(name: name, roles: roles, scopes: scopes, expires: expires)
        manifestLines = """
            auth:
              apiKeys:
                keys:
                  \(line)
            """
        // The manifest's own check says what is wrong with a role or a date.
        let trial =
            "swiftlet: 1\nname: trial\n\(manifestLines)\nfunctions:\n  Trial: {route: GET /, auth: none}\n"
        if let first = ManifestLoader.errors(inText: trial).first {
            throw CommandFailure("\(first.message); \(first.fix)")
        }
        let loaded = ManifestLoader.load(text: trial, path: "manifest.yaml", environment: [:]) { _ in [] }
        if let expires, let end = loaded.manifest?.auth?.apiKeys?.keys.first?.expires, end <= time(nil) {
            throw CommandFailure("--expires \(expires) is over: nobody could use the key; write a day to come")
        }
    }

    /// Whether the manifest takes a key of this name.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64, first != 0x2D, first != 0x2E else { return false }
        return text.utf8.allSatisfy {
            switch $0 {
            case 48...57, 65...90, 97...122, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    /// `{"key":…,"sha256":…,"manifest":…}`.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("key")
        json.string(text)
        json.key("sha256")
        json.string(hash)
        json.key("manifest")
        json.string(manifestLines)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
