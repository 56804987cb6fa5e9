import Gateway
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
    /// - Throws: `CommandFailure` where the manifest would refuse the lines.
    public init(name: String, roles: [String], scopes: [String], expires: String?) throws {
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
        // The manifest's own check says what is wrong with a name, a role or a date.
        let trial =
            "swiftlet: 1\nname: trial\n\(manifestLines)\nfunctions:\n  Trial: {route: GET /, auth: none}\n"
        if let first = ManifestLoader.errors(inText: trial).first {
            throw CommandFailure("\(first.message); \(first.fix)")
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
