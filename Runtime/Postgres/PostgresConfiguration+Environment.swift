extension PostgresConfiguration {
    /// The configuration that a worker's environment holds.
    ///
    /// `DATABASE_URL` is required. `DATABASE_REPLICA_URLS` holds the read replicas' addresses, separated by commas; a
    /// comma within a URI (several hosts) separates nothing. `SWIFTLET_DATABASE_CONNECTIONS` and `SWIFTLET_DATABASE_MIN_CONNECTIONS` are whole
    /// numbers, `SWIFTLET_DATABASE_IDLE_TIMEOUT` and `SWIFTLET_DATABASE_CONNECTION_TIMEOUT` durations (`500ms`,
    /// `30s`, `15m`, `24h`); what is absent has its default. Throws `PostgresError` of kind `configuration`, which
    /// names the variable and not its value.
    public init(environment: [String: String]) throws {
        guard let url = environment["DATABASE_URL"], !url.isEmpty else {
            throw PostgresError(
                .configuration, "DATABASE_URL is not set; a function gets it with `uses: [database]`")
        }
        self.init(url: url)
        if let value = environment["SWIFTLET_DATABASE_CONNECTIONS"] {
            maximumConnections = try Self.number(value, "SWIFTLET_DATABASE_CONNECTIONS")
        }
        if let value = environment["SWIFTLET_DATABASE_MIN_CONNECTIONS"] {
            minimumConnections = try Self.number(value, "SWIFTLET_DATABASE_MIN_CONNECTIONS")
        }
        if let value = environment["SWIFTLET_DATABASE_IDLE_TIMEOUT"] {
            idleTimeout = try Self.duration(value, "SWIFTLET_DATABASE_IDLE_TIMEOUT")
        }
        if let value = environment["SWIFTLET_DATABASE_CONNECTION_TIMEOUT"] {
            connectionTimeout = try Self.duration(value, "SWIFTLET_DATABASE_CONNECTION_TIMEOUT")
        }
        replicaURLs = Self.list(environment["DATABASE_REPLICA_URLS"] ?? "")
        try check()
    }

    private static func list(_ text: String) -> [String] {
        var parts: [String] = []
        for part in text.split(separator: ",") {
            // Among URIs, what does not begin as one goes on with the one before.
            if let last = parts.last, last.contains("://"), !part.contains("://") {
                parts[parts.count - 1] += ",\(part)"
            } else if let word = trimmed(part) {
                parts.append(word)
            }
        }
        return parts
    }

    private static func trimmed(_ text: Substring) -> String? {
        let start = text.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(start[...end])
    }

    private static func number(_ text: String, _ name: String) throws -> Int {
        guard let value = Int(text), value >= 0 else {
            throw PostgresError(.configuration, "\(name) is no whole number")
        }
        return value
    }

    private static func duration(_ text: String, _ name: String) throws -> Duration {
        let units: [(suffix: String, milliseconds: Int)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
        ]
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let value = Int(text.dropLast(unit.suffix.utf8.count)), value >= 0 else { break }
            let (product, overflowed) = value.multipliedReportingOverflow(by: unit.milliseconds)
            if overflowed { break }
            return .milliseconds(product)
        }
        throw PostgresError(.configuration, "\(name) is no duration such as 500ms, 30s or 15m")
    }
}
