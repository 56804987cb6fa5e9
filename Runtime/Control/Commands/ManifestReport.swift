import JSONCoding
import Manifests

/// What reading a manifest gave: the manifest where it could be made, and every problem.
public struct ManifestReport {
    /// The path as it was given.
    public let path: String
    /// The manifest; nil when it is broken.
    public let manifest: Manifest?
    /// Every problem, in the file's order.
    public let diagnostics: [Diagnostic]

    /// Whether any problem is an error.
    public var isBroken: Bool { manifest == nil || diagnostics.contains { $0.severity == .error } }

    /// `manifest.yaml: 3 problems`.
    public var summary: String {
        let count = diagnostics.count { $0.severity == .error }
        return "\(path): \(count) problem\(count == 1 ? "" : "s")"
    }

    /// The problems as JSON: `{"ok":false,"problems":[{"severity":…,"file":…,"line":…,"column":…,"message":…,"fix":…}]}`.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("ok")
        json.bool(!isBroken)
        json.key("problems")
        json.beginArray()
        for problem in diagnostics {
            json.beginObject()
            json.key("severity")
            json.string(problem.severity == .error ? "error" : "warning")
            json.key("file")
            json.string(problem.file)
            json.key("line")
            json.integer(problem.line)
            json.key("column")
            json.integer(problem.column)
            json.key("message")
            json.string(problem.message)
            json.key("fix")
            json.string(problem.fix)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
