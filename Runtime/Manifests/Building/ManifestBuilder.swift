/// Makes settings from checked values, and checks what needs more than one value.
struct ManifestBuilder {
    let root: Section
    let problems: ProblemList
    let allowance: Allowance
    /// The manifest's path as it was given.
    let file: String
    /// The manifest's absolute path.
    let path: String
    /// Seconds since 1970; nil: no date is past.
    let now: Int?

    var directory: String { PathText.directory(of: path) }

    func build() -> Manifest {
        var manifest = Manifest(name: root.text("name") ?? "", directory: directory, path: path)
        manifest.executables = absolute(root.text("executables") ?? ".build/release")
        manifest.secret = secret()
        manifest.server = server()
        manifest.versions = versions()
        manifest.auth = auth()
        manifest.rate = rate(root)
        manifest.cors = cors()
        manifest.compression = root.section("compression").map { section in
            var settings = CompressionSettings()
            section.read("minimum", into: &settings.minimum)
            section.read("level", into: &settings.level)
            return settings
        }
        manifest.openapi = openapi()
        if let section = root.section("log") {
            section.read("level", into: &manifest.log.level)
            section.read("requests", into: &manifest.log.requests)
            section.read("redact", into: &manifest.log.redact)
        }
        manifest.health = health()
        manifest.database = database()
        manifest.workers = workers()
        root.section("deploy")?.read("on", into: &manifest.deploy.on)
        manifest.functions = functions(manifest)
        return manifest
    }

    func absolute(_ path: String) -> String { PathText.resolved(path, in: directory) }

    func location(_ position: Position) -> SourceLocation {
        SourceLocation(file: file, line: position.line, column: position.column)
    }

    func refuse(_ path: String, shown: String, at position: Position, fix: String) {
        guard allowance.refuses(path) else { return }
        problems.error(position, "`\(shown)` is not supported yet", fix: fix)
    }

    private func secret() -> String? {
        guard let secret = root.text("secret"), !secret.isEmpty else { return nil }
        if secret.utf8.count < 32 {
            problems.warning(
                root.position(of: "secret"),
                "`secret` has \(secret.utf8.count) bytes, so signed cursors can be forged by trying",
                fix: "use 32 random bytes or more, or leave it empty to have one made")
        }
        return secret
    }

    private func versions() -> VersionSettings {
        var settings = VersionSettings()
        guard let section = root.section("versions") else { return settings }
        section.read("header", into: &settings.header)
        section.read("default", into: &settings.default)
        return settings
    }

    private func openapi() -> OpenAPISettings? {
        guard let section = root.section("openapi") else { return nil }
        var settings = OpenAPISettings()
        section.read("path", into: &settings.path)
        if RouteRules.healthPaths.contains(settings.path) {
            problems.error(
                section.position(of: "path"), "`\(settings.path)` is answered by the runtime itself",
                fix: "give the description another path, such as `/openapi.json`")
        }
        return settings
    }

    func rate(_ section: Section) -> [RateRule] {
        section.sections("rate").compactMap { rule in
            if rule.text("by") == "key", root.has("auth"), root.section("auth")?.has("apiKeys") == false {
                problems.error(
                    rule.position(of: "by"), "`by: key` counts API keys, but `auth` has no `apiKeys`",
                    fix: "write `by: caller` or `by: client`, or add `apiKeys` to `auth`")
            }
            guard let limit = rule.whole("limit"), let per = rule.duration("per") else { return nil }
            var settings = RateRule(limit: limit, per: per)
            rule.read("by", into: &settings.by)
            return settings
        }
    }

    private func workers() -> WorkersSettings {
        var settings = WorkersSettings()
        guard let section = root.section("workers") else { return settings }
        if let budget = section.text("memory").flatMap({ try? MemoryBudget(parsing: $0) }) {
            settings.memory = budget
        }
        section.read("max", into: &settings.max)
        settings.uids = section.text("uids").flatMap(TextFormat.userIDs)
        return settings
    }
}
