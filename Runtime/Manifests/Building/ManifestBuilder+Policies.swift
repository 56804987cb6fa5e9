extension ManifestBuilder {
    func page(_ section: Section) -> PageSettings {
        var settings = PageSettings()
        section.read("style", into: &settings.style)
        // Where one of the two is written, the other's default gives way to it.
        settings.max = section.whole("max") ?? max(100, section.whole("default") ?? 0)
        settings.default = section.whole("default") ?? min(10, settings.max)
        if settings.default > settings.max {
            problems.error(
                section.position(of: "default"),
                "`default` (\(settings.default)) is more than `max` (\(settings.max))",
                fix: "write `default: \(settings.max)` or less")
        }
        return settings
    }

    func readDocumentation(_ section: Section, _ settings: inout FunctionSettings) {
        if let input = section.section("input") {
            settings.input = InputSchemas(
                path: schema(input, "path"), query: schema(input, "query"), body: schema(input, "body"))
        }
        settings.output = schema(section, "output")
        settings.summary = section.text("summary")
        section.read("tags", into: &settings.tags)
        section.read("errors", into: &settings.errors)
    }

    private func schema(_ section: Section, _ key: String) -> SchemaDocument? {
        guard let value = section.map[key]?.value, case .schema(let json, let path) = value.value else {
            return nil
        }
        return SchemaDocument(json: json, path: path, location: location(value.position))
    }

    func cache(_ section: Section, auth: AuthRule) -> CacheSettings {
        var settings = CacheSettings(lifetime: section.duration("for") ?? .zero)
        if let vary = section.texts("vary") {
            settings.vary = vary.map {
                $0.hasPrefix("header:") ? .header($0.dropFirst(7).lowercased()) : .caller
            }
        } else if auth != .none {
            settings.vary = [.caller]
        }
        settings.query = section.texts("query")
        settings.clients = section.duration("clients")
        settings.clearedBy = (section.texts("clearedBy") ?? []).map(FunctionName.init(rawValue:))
        return settings
    }

    func idempotency(_ section: Section, auth: AuthRule) -> IdempotencySettings? {
        guard let own = section.section("idempotency") else { return nil }
        if auth == .none {
            problems.error(
                section.keyPosition(of: "idempotency"),
                "`idempotency` needs a caller, and `auth: none` asks for none",
                fix: "write `auth: required`, or `idempotency: null` here")
        }
        var settings = IdempotencySettings()
        own.read("header", into: &settings.header)
        own.read("for", into: &settings.lifetime)
        own.read("required", into: &settings.required)
        return settings
    }

    func readScale(_ section: Section, _ scale: inout ScaleSettings) {
        section.read("min", into: &scale.min)
        section.read("max", into: &scale.max)
        section.read("concurrency", into: &scale.concurrency)
        section.read("target", into: &scale.target)
        section.read("idle", into: &scale.idle)
        section.read("queue", into: &scale.queue)
        section.read("wait", into: &scale.wait)
        section.read("stable", into: &scale.stable)
        scale.requests = section.whole("requests")
        if scale.min > scale.max {
            let maximum = section.has("max") ? "\(scale.max)" : "\(scale.max), the default"
            problems.error(
                section.position(of: section.has("min") ? "min" : "max"),
                "`min` (\(scale.min)) is more than `max` (\(maximum))",
                fix: "write `min: \(scale.max)` or less, or `max: \(scale.min)` or more")
        }
    }

    func allow(_ section: Section) -> AllowSettings {
        var settings = AllowSettings()
        guard let own = section.section("allow") else { return settings }
        settings.read = (own.texts("read") ?? []).map(absolute)
        settings.write = (own.texts("write") ?? []).map(absolute)
        switch own.map["network"]?.value.value {
        case .text("none"): settings.network = .none
        case .list(let items):
            settings.network = .ports(
                items.compactMap { item in
                    guard case .whole(let port) = item.value else { return nil }
                    return port
                })
        default: break
        }
        return settings
    }

    func readDeployment(_ section: Section, _ settings: inout FunctionSettings) {
        settings.smoke = section.sections("smoke").map {
            SmokeCheck(path: $0.text("path") ?? "/", status: $0.whole("status") ?? 200)
        }
        settings.traffic = section.section("traffic")?.text("candidate").flatMap(TextFormat.share)
            .map { TrafficSettings(candidate: $0) }
        guard let own = section.section("rollback") else { return }
        if let errors = own.text("errors").flatMap(TextFormat.share) {
            settings.rollback.errors = errors
            if errors == 0 {
                problems.error(
                    own.position(of: "errors"), "`errors: 0%` would roll every candidate back",
                    fix: "write `errors: 50%`")
            }
        }
        own.read("of", into: &settings.rollback.of)
        own.read("within", into: &settings.rollback.within)
    }
}
