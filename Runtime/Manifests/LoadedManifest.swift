/// What loading a manifest gave.
public struct LoadedManifest: Sendable, Equatable {
    /// The manifest; nil when any diagnostic is an error.
    public var manifest: Manifest?
    /// Every problem, by file, line and column; warnings may be here beside a manifest.
    public var diagnostics: [Diagnostic]

    /// Makes a result.
    public init(manifest: Manifest?, diagnostics: [Diagnostic]) {
        self.manifest = manifest
        self.diagnostics = diagnostics
    }
}
