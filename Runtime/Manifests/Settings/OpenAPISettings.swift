/// `openapi`: where the API's description is served.
public struct OpenAPISettings: Sendable, Equatable {
    /// The path, beginning with a slash; default `/openapi.json`.
    public var path: String

    /// Makes the settings.
    public init(path: String = "/openapi.json") {
        self.path = path
    }
}
