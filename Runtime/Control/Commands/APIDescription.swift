import Gateway
import Manifests

/// The OpenAPI description of a manifest as `swiftlet openapi` prints it.
public struct APIDescription {
    private let document: OpenAPIDocument

    /// The description of this manifest's API.
    public init(_ manifest: Manifest) { document = OpenAPIDocument(manifest) }

    /// In lines, for people and for version control.
    public var text: String { document.text }

    /// In one line, with its end.
    public func json() -> [UInt8] { document.bytes + [0x0A] }
}
