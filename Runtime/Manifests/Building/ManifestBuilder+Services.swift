extension ManifestBuilder {
    func health() -> HealthSettings {
        var settings = HealthSettings()
        guard let section = root.section("health") else { return settings }
        section.read("every", into: &settings.every)
        guard let services = section.section("services") else { return settings }
        for entry in services.map.entries {
            guard let service = services.section(entry.key) else { continue }
            if let one = healthService(entry.key, service) { settings.services.append(one) }
        }
        return settings
    }

    private func healthService(_ name: String, _ section: Section) -> HealthService? {
        switch (section.has("postgres"), section.has("http")) {
        case (true, true):
            problems.error(
                section.keyPosition(of: "http"), "`\(name)` has both `postgres` and `http`",
                fix: "make two services of it")
            return nil
        case (false, false):
            problems.error(
                section.position, "`\(name)` has neither `postgres` nor `http`",
                fix: "write `\(name): {http: \"https://example.com/health\"}`")
            return nil
        default: break
        }
        let kind =
            section.text("postgres").map { HealthService.Kind.postgres($0) }
            ?? section.text("http").map { .http($0) }
        guard let kind else { return nil }
        var service = HealthService(name: name, kind: kind)
        section.read("required", into: &service.required)
        return service
    }

    func database() -> DatabaseSettings? {
        guard let section = root.section("database") else { return nil }
        var settings = DatabaseSettings(url: section.text("url") ?? "")
        section.read("replicas", into: &settings.replicas)
        section.read("connections", into: &settings.connections)
        section.read("minConnections", into: &settings.minConnections)
        section.read("idleTimeout", into: &settings.idleTimeout)
        section.read("connectionTimeout", into: &settings.connectionTimeout)
        if settings.minConnections > settings.connections {
            problems.error(
                section.position(of: section.has("minConnections") ? "minConnections" : "connections"),
                "`minConnections` (\(settings.minConnections)) is more than `connections` (\(settings.connections))",
                fix: "write `minConnections: \(settings.connections)` or less")
        }
        return settings
    }

    func auth() -> AuthSettings? {
        guard let section = root.section("auth") else { return nil }
        if !section.has("jwt"), !section.has("apiKeys") {
            problems.error(
                section.position, "`auth` has neither `jwt` nor `apiKeys`",
                fix: "write `jwt: {secret: \"${JWT_SECRET}\"}` under it, or remove it")
        }
        return AuthSettings(
            jwt: section.section("jwt").flatMap(jwt), apiKeys: section.section("apiKeys").map(apiKeys))
    }

    private func jwt(_ section: Section) -> JWTSettings? {
        guard let keys = keySource(section) else { return nil }
        var settings = JWTSettings(keys: keys)
        settings.location = location(section.position(of: section.has("jwks") ? "jwks" : "secret"))
        if let items = section.items("algorithms") {
            settings.algorithms = items.compactMap { algorithm($0, keys) }
        }
        settings.issuer = section.text("issuer")
        section.read("audience", into: &settings.audience)
        if settings.issuer?.isEmpty == true {
            problems.error(
                section.position(of: "issuer"), "`issuer` is empty: a token that names nobody would do",
                fix: "write the issuer's `iss`, such as `https://issuer.example.com`")
        }
        if section.has("audience"), settings.audience.isEmpty || settings.audience.contains("") {
            problems.error(
                section.position(of: "audience"), "`audience` names nobody: any token of that issuer's would do",
                fix: "write what `aud` must hold, such as `shop`")
        }
        if let claims = section.section("claims") {
            claims.read("id", into: &settings.claims.id)
            claims.read("roles", into: &settings.claims.roles)
            claims.read("scopes", into: &settings.claims.scopes)
        }
        section.read("leeway", into: &settings.leeway)
        section.read("expiresIn", into: &settings.expiresIn)
        return settings
    }

    private func keySource(_ section: Section) -> JWTKeySource? {
        switch (section.has("secret"), section.has("jwks")) {
        case (true, true):
            problems.error(
                section.keyPosition(of: "jwks"), "`jwt` has both `secret` and `jwks`",
                fix: "remove one of them")
            return nil
        case (false, false):
            problems.error(
                section.position, "`jwt` has neither `secret` nor `jwks`",
                fix: "write `secret: \"${JWT_SECRET}\"`, or `jwks` with `issuer` and `audience`")
            return nil
        case (true, false):
            guard let secret = section.text("secret") else { return nil }
            if secret.utf8.count < 32 {
                problems.error(
                    section.position(of: "secret"),
                    "`secret` has \(secret.utf8.count) bytes, a token's secret needs 32 at least",
                    fix: "use 32 random bytes or more, such as from `openssl rand -hex 32`")
            }
            return .secret(secret)
        case (false, true):
            for key in ["issuer", "audience"] where !section.has(key) {
                problems.error(
                    section.keyPosition(of: "jwks"), "`jwks` needs `\(key)` beside it",
                    fix: "add `\(key)`: without it any token of that issuer's would do")
            }
            return keySet(section)
        }
    }

    private func keySet(_ section: Section) -> JWTKeySource? {
        guard let value = section.map["jwks"]?.value, case .text(let text) = value.value else { return nil }
        if value.origin == .file {
            checkKeyFile(text, value.position)
            return .document(text)
        }
        guard let host = TextFormat.host(ofURL: text) else {
            problems.error(
                value.position, "`jwks` must be an HTTPS URL or `{file: PATH}`",
                fix: "write `jwks: https://issuer.example.com/.well-known/jwks.json`")
            return nil
        }
        if !text.lowercased().hasPrefix("https://"), !TextFormat.isLoopback(host: host) {
            problems.error(
                value.position, "`jwks` must come over https: whoever is on the way could change the keys",
                fix: "write the URL with `https://`")
        }
        return .url(text)
    }

    /// A file of keys is a key set, or public keys in PEM form (RFC 7468, section 13).
    private func checkKeyFile(_ text: String, _ position: Position) {
        guard text.drop(while: \.isWhitespace).hasPrefix("-----BEGIN ") else {
            if let fault = JSONSyntax.fault(in: text) {
                problems.error(position, "`jwks` names a file that is not JSON: \(fault)", fix: "mend that file")
            }
            return
        }
        if text.contains("PRIVATE KEY-----") {
            problems.error(
                position, "`jwks` names a file with a private key: tokens are verified by the public one",
                fix: "name the file that `openssl pkey -in PRIVATE -pubout -out FILE` writes")
        } else if !text.contains("-----BEGIN PUBLIC KEY-----") {
            problems.error(
                position, "`jwks` names a PEM file without a public key",
                fix: "name a file that begins with `-----BEGIN PUBLIC KEY-----`, or a key set in JSON")
        }
    }

    private func algorithm(_ item: Checked, _ keys: JWTKeySource) -> JWTAlgorithm? {
        guard case .text(let text) = item.value, let algorithm = JWTAlgorithm(rawValue: text) else {
            return nil
        }
        if case .secret(let secret) = keys, secret.utf8.count >= 32, secret.utf8.count < algorithm.secretBytes {
            problems.error(
                item.position, "`\(text)` needs a `secret` of \(algorithm.secretBytes) bytes at least",
                fix: "write `HS256`, or use a longer secret, such as from `openssl rand -hex 32`")
        }
        if algorithm.isSymmetric != keys.isSecret {
            problems.error(
                item.position,
                "`\(text)` needs \(algorithm.isSymmetric ? "a `secret`" : "a key set (`jwks`)")",
                fix: keys.isSecret ? "write `HS256`" : "write `RS256` or `ES256`")
        }
        return algorithm
    }

    private func apiKeys(_ section: Section) -> APIKeySettings {
        var settings = APIKeySettings(keys: [])
        section.read("header", into: &settings.header)
        if settings.header.lowercased() == "authorization" {
            problems.error(
                section.position(of: "header"), "`header: \(settings.header)` is where bearer tokens are",
                fix: "write `header: X-API-Key`")
        }
        var owners: [[UInt8]: String] = [:]
        guard let keys = section.section("keys") else { return settings }
        for entry in keys.map.entries {
            guard let key = keys.section(entry.key) else { continue }
            let hashes = (key.texts("sha256") ?? []).compactMap(TextFormat.bytes(ofHexadecimal:))
            for hash in hashes {
                if let owner = owners.updateValue(entry.key, forKey: hash), owner != entry.key {
                    problems.error(
                        key.position(of: "sha256"), "`\(entry.key)` has a hash that `\(owner)` has too",
                        fix: "make a key of its own with `swiftlet key \(entry.key)`")
                }
            }
            let expires = key.text("expires").flatMap(TextFormat.seconds)
            if let expires, let now, expires <= now {
                problems.warning(
                    key.position(of: "expires"), "`expires` is past, so `\(entry.key)` lets nobody in",
                    fix: "write a later date, or remove `\(entry.key)`")
            }
            settings.keys.append(
                APIKeySettings.Key(
                    name: entry.key, hashes: hashes, roles: key.texts("roles") ?? [],
                    scopes: key.texts("scopes") ?? [],
                    expires: expires))
        }
        return settings
    }
}
