import JSONCoding
import Manifests

/// The API that a manifest declares, as an OpenAPI 3.1.1 document.
///
/// It is made from the manifest alone, and the same manifest always gives the same bytes. What a manifest cannot know,
/// such as what a handler without `output` answers, is described as `2XX` without a schema.
public struct OpenAPIDocument: Sendable {
    private let root: JSONValue

    /// Describes every route of every function; takes time in proportion to the manifest, so it belongs where a
    /// manifest is loaded and not where requests are.
    public init(_ manifest: Manifest) {
        var components = ComponentRegistry()
        var paths = JSONObject()
        for path in PathTemplates.paths(of: manifest) {
            var item = JSONObject()
            for operation in path.operations {
                item[operation.route.method.lowercased()] = OperationDescription.value(
                    operation, in: manifest, &components)
            }
            paths[path.template] = .object(item)
        }
        var root: JSONObject = [
            "openapi": "3.1.1", "info": Self.info(manifest),
            "servers": [["url": .string(manifest.server.prefix.isEmpty ? "/" : manifest.server.prefix)]],
        ]
        let tags = Self.tags(manifest)
        if !tags.isEmpty { root["tags"] = .array(tags.map { ["name": .string($0)] }) }
        root["paths"] = .object(paths)
        root["components"] = components.value(SecurityDescription.schemes(manifest.auth))
        self.root = .object(root)
    }

    /// The document in one line, as it is served.
    public var bytes: [UInt8] { root.serialize() }

    /// The document in lines, two spaces a level, ending with a line end: as a person reads and compares it.
    public var text: String { IndentedJSON.text(root) }

    private static func info(_ manifest: Manifest) -> JSONValue {
        var lines = [
            "Every failure is one JSON object, `Error`, or problem details (RFC 9457) where `Accept` prefers them. "
                + "Every answer carries `X-Request-Id`. GET addresses answer HEAD too, and every address OPTIONS. "
                + "What is no acceptable HTTP request gets the same errors, of which 417, 501 and 505 are not repeated "
                + "below."
        ]
        if let versions = manifest.versions, PathTemplates.hasSeveralVersions(manifest) {
            lines.append(
                "Addresses without a version mean \(versions.default), unless the header `\(versions.header)` names "
                    + "another one. A version in the address wins.")
        }
        // A manifest says nothing of the document's own version.
        return [
            "title": .string(manifest.name), "version": "1", "description": .string(lines.joined(separator: "\n\n")),
        ]
    }

    /// Each once, in the order of the functions.
    private static func tags(_ manifest: Manifest) -> [String] {
        var seen: Set<String> = []
        return manifest.functions.flatMap(\.tags).filter { seen.insert($0).inserted }
    }
}
