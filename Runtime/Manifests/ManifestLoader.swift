import Glibc

/// Loads manifests: YAML, `.env` and the files they name to a typed manifest, or to every problem at once.
///
/// Loading is pure but for reading those files and the time, takes no lock and never traps, whatever the file holds.
public struct ManifestLoader: Sendable {
    /// Reads a whole file by its absolute path; throws `FileReadError`, or anything that describes itself.
    public typealias FileReader = @Sendable (_ path: String) throws -> [UInt8]

    private let allowance: Allowance
    private let now: Int?

    /// `now`: seconds since 1970; without it no date is past.
    package init(allowing allowance: Allowance, now: Int? = nil) {
        self.allowance = allowance
        self.now = now
    }

    private static var current: ManifestLoader {
        ManifestLoader(allowing: .supported, now: Int(time(nil)))
    }

    /// Loads the manifest at a path (relative to the process's folder, at most 1 MiB of UTF-8).
    public static func load(path: String, environment: [String: String]) -> LoadedManifest {
        current.load(path: path, environment: environment)
    }

    /// Loads a manifest from text as if it stood at `path`; `.env` and files it names come from `fileReader`,
    /// by default from the file system.
    public static func load(
        text: String, path: String, environment: [String: String], fileReader: FileReader? = nil
    ) -> LoadedManifest {
        current.load(
            bytes: Array(text.utf8), path: path, environment: environment, fileReader: fileReader)
    }

    /// The errors in a manifest's text that names no files and no variables.
    public static func errors(inText text: String) -> [Diagnostic] {
        load(text: text, path: "manifest.yaml", environment: [:]) { _ in throw FileReadError.notFound }
            .diagnostics.filter { $0.severity == .error }
    }

    package func load(path: String, environment: [String: String]) -> LoadedManifest {
        do throws(FileReadError) {
            let bytes = try SmallFile.read(path)
            return load(bytes: bytes, path: path, environment: environment)
        } catch {
            let fix =
                error == .notFound
                ? "create it, or name another with `--manifest FILE`" : "name another with `--manifest FILE`"
            let diagnostic = Diagnostic(
                file: path, line: 1, column: 1, message: "the manifest \(error)", fix: fix)
            return LoadedManifest(manifest: nil, diagnostics: [diagnostic])
        }
    }

    package func load(
        bytes: [UInt8], path: String, environment: [String: String], fileReader: FileReader? = nil
    ) -> LoadedManifest {
        let problems = ProblemList(file: path)
        let read = fileReader ?? { try SmallFile.read($0) }
        let absolute = SmallFile.absolute(path)
        let directory = PathText.directory(of: absolute)
        var manifest: Manifest?
        if let text = SourceText.read(bytes, problems: problems),
            let tree = YAMLDocument.parse(text, problems: problems)
        {
            let variables = dotEnv(beside: path, in: directory, read, problems)
            let checker = ShapeChecker(
                problems: problems,
                interpolation: Interpolation(environment: variables.merging(environment) { $1 }),
                files: ReferencedFiles(directory: directory, read: read), allowance: allowance,
                manifestFile: path)
            manifest = self.manifest(tree, checker, absolute, problems)
        }
        return LoadedManifest(
            manifest: problems.hasErrors ? nil : manifest, draft: problems.hasErrors ? manifest : nil,
            diagnostics: problems.sorted)
    }

    private func manifest(
        _ tree: Tree, _ checker: ShapeChecker, _ absolute: String, _ problems: ProblemList
    ) -> Manifest? {
        guard case .map = tree.content else {
            problems.error(
                tree.position, "the manifest is not a map of keys",
                fix: "write `swiftlet: 1`, a `name` and `functions`")
            return nil
        }
        let place = ShapeChecker.Place(key: "the manifest", path: "", example: "")
        guard case .map(let map) = checker.check(tree, .record(KeyTable.manifest), place).value else {
            return nil
        }
        // Functions are looked at after `defaults` were merged, `defaults` never need be whole.
        let others = KeyTable.manifest.without("functions", "defaults")
        Completeness(problems: problems).check(map, others, name: "", at: .start)
        if map["functions"] == nil {
            problems.error(
                .start, "the manifest has no `functions`",
                fix: "add `functions:` and under it `GetUser: {route: \"GET /users/{id}\", auth: none}`")
        }
        let builder = ManifestBuilder(
            root: Section(map: map, position: .start), problems: problems, allowance: allowance,
            file: checker.manifestFile, path: absolute, now: now)
        return builder.build()
    }

    private func dotEnv(
        beside path: String, in directory: String, _ read: FileReader, _ problems: ProblemList
    ) -> [String: String] {
        let file = PathText.sibling(".env", of: path)
        do {
            let bytes = try read(PathText.resolved(".env", in: directory))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                problems.error(.start, "`.env` is not valid UTF-8", fix: "save it as UTF-8", file: file)
                return [:]
            }
            return DotEnv.parse(text, file: file, problems: problems)
        } catch FileReadError.notFound {
            return [:]
        } catch {
            problems.error(.start, "`.env` \(error)", fix: "let it be read, or remove it", file: file)
            return [:]
        }
    }
}
