extension TextFormat {
    static let path = TextFormat(
        "a path", pattern: "^.+$", example: "./data", rule: "must name a file or a folder"
    ) { !$0.isEmpty && !holdsControlCharacter($0) }

    static let argument = TextFormat(
        "an argument", example: "./program",
        check: { (text) throws(TextProblem) in
            guard !text.utf8.contains(0) else {
                throw TextProblem("holds a NUL character, which no argument may", fix: "remove it")
            }
        })

    static let listenAddress = TextFormat(
        "an address to listen on", pattern: "^(unix:.+|systemd:.+|.+:[0-9]+)$", example: "127.0.0.1:8080"
    ) { (text) throws(TextProblem) in _ = try ListenAddress(parsing: text) }

    static let addressRange = TextFormat(
        "an address or a CIDR", pattern: "^[0-9A-Fa-f:.]+(/[0-9]+)?$", example: "10.0.0.0/8"
    ) { (text) throws(TextProblem) in _ = try AddressRange(parsing: text) }

    static let prefix = TextFormat(
        "a path", pattern: "^(/[^/{}?#%]+)*$", example: "/api"
    ) { (text) throws(TextProblem) in
        guard !text.isEmpty else { return }
        guard text.hasPrefix("/") else {
            let path = text.split(separator: "/").joined(separator: "/")
            throw TextProblem("must begin with `/`", fix: "write `/\(path)`")
        }
        guard text != "/" else {
            throw TextProblem("must not be only a slash", fix: "write `prefix: \"\"`, or remove the key")
        }
        guard !text.hasSuffix("/") else {
            throw TextProblem("must not end with `/`", fix: "write `\(text.dropLast())`")
        }
        for segment in try RoutePattern.segments(ofPath: text) {
            guard case .literal = segment else {
                throw TextProblem("must not hold parameters", fix: "put parameters into the routes")
            }
        }
    }

    static let urlPath = TextFormat(
        "a path", pattern: "^/[^?#\\s]*$", example: "/openapi.json",
        rule: "must begin with `/`, without query and spaces"
    ) { $0.hasPrefix("/") && !$0.utf8.contains { $0 <= 0x20 || $0 == 0x3F || $0 == 0x23 || $0 >= 0x7F } }

    static let target = TextFormat(
        "a path with its query", pattern: "^/[^#\\s]*$", example: "/users?limit=1",
        rule: "must begin with `/`, without spaces"
    ) { $0.hasPrefix("/") && !$0.utf8.contains { $0 <= 0x20 || $0 == 0x23 || $0 >= 0x7F } }

    static let route = TextFormat(
        "a route", pattern: "^(GET|POST|PUT|PATCH|DELETE|OPTIONS) /", example: "GET /users/{id}"
    ) { (text) throws(TextProblem) in _ = try RoutePattern(parsing: text) }

    static let postgresURL = TextFormat(
        "a PostgreSQL URL", pattern: "^postgres(ql)?://", example: "postgres://user@localhost/shop",
        rule: "must begin with `postgres://` or `postgresql://`"
    ) {
        ($0.hasPrefix("postgres://") || $0.hasPrefix("postgresql://")) && !holdsControlCharacter($0)
    }

    static let httpURL = TextFormat(
        "an HTTP URL", pattern: "^https?://[^/]", example: "https://example.com/health",
        rule: "must begin with `http://` or `https://` and name a host"
    ) { host(ofURL: $0) != nil }

    static let origin = TextFormat(
        "an origin", pattern: "^(\\*|https?://[^/\\s]+|[a-z][a-z0-9+.-]*://[^/\\s]+)$",
        example: "https://app.example.com"
    ) { (text) throws(TextProblem) in
        guard text != "*" else { return }
        guard text != "null" else {
            throw TextProblem(
                "holds `null`, which is never allowed: every sandboxed page sends it",
                fix: "name the origin, such as `https://app.example.com`")
        }
        guard let scheme = text.range(of: "://"), scheme.lowerBound > text.startIndex,
            scheme.upperBound < text.endIndex
        else {
            throw TextProblem("has no scheme and host", fix: "write something like `https://app.example.com`")
        }
        let rest = text[scheme.upperBound...]
        guard !rest.contains("*") else {
            throw TextProblem("has a wildcard inside, which no browser knows", fix: "list each origin")
        }
        if let slash = rest.firstIndex(of: "/") {
            throw TextProblem("has a path, which no browser sends", fix: "write `\(text[..<slash])`")
        }
        guard text == text.lowercased(), !text.contains(" "), !holdsControlCharacter(text) else {
            throw TextProblem("must be lower case without spaces", fix: "write `\(text.lowercased())`")
        }
    }

    /// The host of an HTTP URL, without user information, brackets and port.
    static func host(ofURL text: String) -> String? {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        let scheme = text.prefix(8).lowercased()
        let skipped = scheme.hasPrefix("http://") ? 7 : scheme == "https://" ? 8 : 0
        guard skipped > 0 else { return nil }
        let authority = text.dropFirst(skipped).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if hostAndPort.hasPrefix("[") {
            guard let end = hostAndPort.firstIndex(of: "]") else { return nil }
            return String(hostAndPort[hostAndPort.index(after: hostAndPort.startIndex)..<end])
        }
        let host = hostAndPort.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    static func isLoopback(host: String) -> Bool {
        host == "localhost" || host == "::1" || AddressRange.bytes(ofIPv4: host)?.first == 127
    }
}
