/// A JSON Schema 2020-12, as JSON text, and where it was written.
public struct SchemaDocument: Sendable, Equatable {
    /// The schema: JSON text of an object.
    public var json: String
    /// The absolute path of its file; nil: it is in the manifest itself.
    public var path: String?
    /// Where the manifest holds or names it.
    public var location: SourceLocation

    /// Makes a document.
    public init(
        json: String, path: String? = nil,
        location: SourceLocation = SourceLocation(file: "manifest.yaml", line: 1, column: 1)
    ) {
        self.json = json
        self.path = path
        self.location = location
    }
}
