/// What loading a manifest gave.
public struct LoadedManifest: Sendable, Equatable {
    /// The manifest; nil when any diagnostic is an error.
    public var manifest: Manifest?
    /// What could be read where there is no manifest, with what is wrong left out: only to look for more problems.
    public var draft: Manifest?
    /// Every problem, by file, line and column; warnings may be here beside a manifest.
    public var diagnostics: [Diagnostic]

    /// Makes a result.
    public init(manifest: Manifest?, draft: Manifest? = nil, diagnostics: [Diagnostic]) {
        self.manifest = manifest
        self.draft = draft
        self.diagnostics = diagnostics
    }
}
