/// What changed from one manifest to another. Where things stand in the file does not count, nor does the
/// order of functions; the content of executables is not known here.
public struct ManifestDifference: Sendable, Equatable {
    /// Top-level keys whose settings differ (`server`, `auth`, …), in alphabetical order; without `defaults`,
    /// which shows in the functions.
    public var sections: [String]
    /// Functions that differ: the new manifest's order, then removed ones.
    public var functions: [FunctionDifference]

    /// Compares two manifests.
    public init(from old: Manifest, to new: Manifest) {
        sections = Self.sections(old, new)
        var known: [FunctionName: FunctionSettings] = [:]
        for function in old.functions { known[function.name] = function }
        functions = new.functions.compactMap { function in
            guard let before = known.removeValue(forKey: function.name) else {
                return FunctionDifference(name: function.name, kind: .added)
            }
            let aspects = Self.aspects(before, function, old, new)
            return aspects.isEmpty ? nil : FunctionDifference(name: function.name, kind: .changed(aspects))
        }
        for function in old.functions where known[function.name] != nil {
            functions.append(FunctionDifference(name: function.name, kind: .removed))
        }
    }

    /// Whether nothing differs.
    public var isEmpty: Bool { sections.isEmpty && functions.isEmpty }

    private static func sections(_ old: Manifest, _ new: Manifest) -> [String] {
        var changed: [String] = []
        func compare(_ name: String, _ isEqual: Bool) {
            if !isEqual { changed.append(name) }
        }
        compare("auth", unplaced(old.auth) == unplaced(new.auth))
        compare("compression", old.compression == new.compression)
        compare("cors", old.cors == new.cors)
        compare("database", old.database == new.database)
        compare("deploy", old.deploy == new.deploy)
        compare("executables", old.executables == new.executables)
        compare("health", old.health == new.health)
        compare("log", old.log == new.log)
        compare("name", old.name == new.name)
        compare("openapi", old.openapi == new.openapi)
        compare("rate", old.rate == new.rate)
        compare("secret", old.secret == new.secret)
        compare("server", old.server == new.server)
        compare("versions", old.versions == new.versions)
        compare("workers", old.workers == new.workers)
        return changed
    }

    /// Who is let in, without where it stands.
    private static func unplaced(_ auth: AuthSettings?) -> AuthSettings? {
        var auth = auth
        auth?.jwt?.location = nil
        return auth
    }

    private static func aspects(
        _ old: FunctionSettings, _ new: FunctionSettings, _ before: Manifest, _ after: Manifest
    ) -> [FunctionAspect] {
        FunctionAspect.allCases.filter { aspect in
            switch aspect {
            case .routes: old.routes != new.routes
            case .version: old.version != new.version
            case .executable: program(old, before) != program(new, after)
            case .environment:
                old.env != new.env || old.uses != new.uses || urls(old, before) != urls(new, after)
            case .limits: (old.memory, old.processes, old.files) != (new.memory, new.processes, new.files)
            case .sandbox: old.allow != new.allow || old.sandbox != new.sandbox
            case .auth: old.auth != new.auth
            case .rate: old.rate != new.rate
            case .page: old.page != new.page
            case .interface:
                texts(old) != texts(new)
                    || (old.summary, old.tags, old.errors) != (new.summary, new.tags, new.errors)
            case .cache: old.cache != new.cache
            case .idempotency: old.idempotency != new.idempotency
            case .handling:
                (old.timeout, old.body, old.retry, old.stream) != (
                    new.timeout, new.body, new.retry, new.stream
                )
            case .scale: old.scale != new.scale
            case .deployment:
                old.smoke != new.smoke || old.traffic != new.traffic || old.rollback != new.rollback
            }
        }
    }

    private static func program(_ function: FunctionSettings, _ manifest: Manifest) -> [String] {
        switch function.run {
        case .swift(let name): [manifest.executables + "/" + name]
        case .command(let command): ["command"] + command
        }
    }

    private static func urls(_ function: FunctionSettings, _ manifest: Manifest) -> [String] {
        guard function.uses.contains(.database), let database = manifest.database else { return [] }
        return [database.url] + database.replicas
    }

    /// The schemas without where they stand.
    private static func texts(_ function: FunctionSettings) -> [String?] {
        [function.input.path, function.input.query, function.input.body, function.output].map { $0?.json }
    }
}
