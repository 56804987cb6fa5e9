/// `versions`: how a request chooses a version of the API.
public struct VersionSettings: Sendable, Equatable {
    /// The header that names a version; default `api-version`.
    public var header: String
    /// The version of a request that names none, and of a function that says none; default `v1`.
    public var `default`: String

    /// Makes the settings, by default the manifest's defaults.
    public init(header: String = "api-version", default: String = "v1") {
        self.header = header
        self.default = `default`
    }
}
