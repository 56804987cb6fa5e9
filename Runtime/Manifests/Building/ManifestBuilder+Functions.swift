extension ManifestBuilder {
    func functions(_ manifest: Manifest) -> [FunctionSettings] {
        guard let table = root.section("functions") else { return [] }
        let defaults = root.section("defaults")?.map ?? CheckedMap()
        var functions: [FunctionSettings] = []
        var sections: [Section] = []
        for entry in table.map.entries {
            guard case .map(let own) = entry.value.value else { continue }
            let section = Section(map: own.merged(over: defaults), position: entry.keyPosition)
            Completeness(problems: problems)
                .check(section.map, KeyTable.function, name: entry.key, at: entry.keyPosition)
            functions.append(function(entry.key, section, manifest))
            sections.append(section)
        }
        let names = table.map.entries.map(\.key)
        for section in sections { checkClearedBy(section, names: names) }
        RouteRules(problems: problems, manifest: manifest).check(functions, sections)
        return functions
    }

    private func function(_ name: String, _ section: Section, _ manifest: Manifest) -> FunctionSettings {
        var settings = FunctionSettings(
            name: FunctionName(rawValue: name), routes: routes(name, section),
            version: manifest.versions?.default ?? VersionSettings().default,
            location: location(section.position))
        section.read("version", into: &settings.version)
        settings.run = run(name, section)
        settings.auth = authRule(name, section, manifest)
        settings.rate = rate(section)
        settings.page = section.section("page").map(page)
        readDocumentation(section, &settings)
        settings.cache = section.section("cache").map { cache($0, auth: settings.auth) }
        settings.idempotency = idempotency(section, auth: settings.auth)
        settings.uses = Set((section.texts("uses") ?? []).compactMap(Resource.init(rawValue:)))
        section.read("timeout", into: &settings.timeout)
        section.read("body", into: &settings.body)
        section.read("retry", into: &settings.retry)
        section.section("stream")?.read("request", into: &settings.stream.request)
        section.section("scale").map { readScale($0, &settings.scale) }
        section.read("memory", into: &settings.memory)
        section.read("processes", into: &settings.processes)
        section.read("files", into: &settings.files)
        settings.allow = allow(section)
        section.read("sandbox", into: &settings.sandbox)
        for entry in section.section("env")?.map.entries ?? [] {
            if case .text(let text) = entry.value.value { settings.env[entry.key] = text }
        }
        readDeployment(section, &settings)
        check(settings, section)
        return settings
    }

    private func check(_ settings: FunctionSettings, _ section: Section) {
        if settings.uses.contains(.database), !root.has("database") {
            problems.error(
                section.position(of: "uses"), "`uses: [database]` needs a `database` section",
                fix: "add `database: {url: \"${DATABASE_URL}\"}` at the top level")
        }
        if settings.stream.request, section.section("input")?.has("body") == true {
            problems.error(
                section.section("input")?.keyPosition(of: "body") ?? section.position,
                "a streamed request body cannot be checked against `input.body`",
                fix: "remove `input.body`, or `stream: {request: true}`")
        }
        if settings.stream.request, settings.idempotency != nil {
            problems.error(
                section.keyPosition(of: "idempotency"),
                "`idempotency` compares whole requests, and this function's body is streamed",
                fix: "write `idempotency: null`, or remove `stream: {request: true}`")
        }
        if settings.cache != nil, !settings.routes.isEmpty,
            !settings.routes.contains(where: { $0.method == "GET" })
        {
            problems.error(
                section.keyPosition(of: "cache"),
                "`cache` keeps answers to GET, and this function has no GET route",
                fix: "remove `cache`, or add a GET route")
        }
    }

    private func routes(_ name: String, _ section: Section) -> [RoutePattern] {
        switch (section.has("route"), section.has("routes")) {
        case (true, true):
            problems.error(
                section.keyPosition(of: "routes"), "`\(name)` has both `route` and `routes`",
                fix: "put every route into `routes`")
        case (false, false):
            problems.error(
                section.position, "`\(name)` has no `route`", fix: "add `route: GET /\(name.lowercased())`")
        default: break
        }
        let texts = (section.texts("route") ?? []) + (section.texts("routes") ?? [])
        return texts.compactMap { RoutePattern($0) }
    }

    private func run(_ name: String, _ section: Section) -> RunSettings {
        guard let run = section.section("run") else {
            return .swift(name)
        }
        let kinds = KeyTable.run.fields.map(\.name).filter(run.has)
        guard kinds.count == 1 else {
            problems.error(
                section.keyPosition(of: "run"),
                kinds.isEmpty ? "`run` says no program" : "`run` says more than one program",
                fix: "write `run: {swift: \(name)}` or `run: {command: [./program]}`")
            return .swift(name)
        }
        if let command = run.texts("command") {
            guard let program = command.first, !program.isEmpty else {
                problems.error(
                    run.position(of: "command"), "`command` names no program",
                    fix: "write `command: [./program]`")
                return .swift(name)
            }
            let resolved = program.contains("/") ? absolute(program) : program
            return .command([resolved] + command.dropFirst())
        }
        return .swift(run.text("swift") ?? name)
    }

    private func authRule(_ name: String, _ section: Section, _ manifest: Manifest) -> AuthRule {
        let isRule = section.section("auth")
        let word = section.text("auth") ?? (section.has("auth") ? "" : "required")
        guard isRule != nil || !word.isEmpty else { return .required() }
        if word == "none" { return .none }
        let shown = isRule == nil ? "auth: \(word)" : "auth: {…}"
        guard root.has("auth") else {
            if section.has("auth") {
                problems.error(
                    section.position(of: "auth"), "`\(shown)` needs an `auth` section, and there is none",
                    fix: "write `auth: none`, or add an `auth` section at the top level")
            } else {
                problems.error(
                    section.position,
                    "`\(name)` has no `auth`, which means `required`, and there is no `auth` section",
                    fix: "write `auth: none` in the function or under `defaults`, or add an `auth` section")
            }
            return word == "optional" ? .optional : .required()
        }
        guard let rule = isRule else { return word == "optional" ? .optional : .required() }
        for key in ["roles", "scopes"] where rule.items(key)?.isEmpty == true {
            problems.error(
                rule.position(of: key), "`\(key)` is empty, which asks for nothing",
                fix: "name \(key == "roles" ? "a role" : "a scope"), or write `auth: required`")
        }
        let ways = rule.items("by") ?? []
        for way in ways {
            guard case .text(let text) = way.value else { continue }
            let needed = text == CredentialKind.apiKey.rawValue ? "apiKeys" : text
            guard root.section("auth")?.has(needed) == false else { continue }
            problems.error(
                way.position, "`by: [\(text)]` needs `\(needed)` in the `auth` section",
                fix: "add `\(needed)` to `auth`, or remove `\(text)` here")
        }
        return .required(
            roles: rule.texts("roles") ?? [], scopes: rule.texts("scopes") ?? [],
            by: (rule.texts("by") ?? []).compactMap(CredentialKind.init(rawValue:)))
    }

    private func checkClearedBy(_ section: Section, names: [String]) {
        guard let items = section.section("cache")?.items("clearedBy") else { return }
        for item in items {
            guard case .text(let name) = item.value, !names.contains(name) else { continue }
            let near = Similarity.nearest(to: name, among: names)
            problems.error(
                item.position,
                "`clearedBy` names `\(name)`, and there is no such function"
                    + (near.map { ": did you mean `\($0)`?" } ?? ""),
                fix: near.map { "write `\($0)`" } ?? "name one of the functions, or remove it")
        }
    }
}
