extension KeyTable {
    static let auth = Record([
        Field("jwt", .record(jwt), "Bearer tokens."),
        Field("apiKeys", .record(apiKeys), "API keys."),
    ])

    static let jwt = Record([
        Field(
            "secret", .text(.secret), example: "\"${JWT_SECRET}\"", "A shared secret of 32 bytes at least."),
        Field(
            "jwks", .text(nil), example: "https://issuer.example.com/.well-known/jwks.json",
            "The URL of a key set, or {file: PATH}, a key set or public keys in PEM form."),
        Field("issuer", .text(nil), example: "https://issuer.example.com", "What `iss` must equal."),
        Field("audience", .oneOrMore(.text(nil)), example: "shop", "What `aud` must hold one of."),
        Field(
            "algorithms", .list(.choice(JWTAlgorithm.self), atLeast: 1), example: "[HS256]",
            "The algorithms that are accepted."),
        Field("claims", .record(claims), "Which claims describe the caller."),
        Field("leeway", .anyDuration, default: "30s", "How far clocks may differ."),
        Field("expiresIn", .positiveDuration, default: "24h", "For `swiftlet token`."),
    ])

    static let claims = Record([
        Field("id", .oneOrMore(.text(.word)), default: ["sub", "userId"], "The caller's id."),
        Field("roles", .oneOrMore(.text(.word)), default: ["roles", "role"], "The caller's roles."),
        Field("scopes", .oneOrMore(.text(.word)), default: ["scope", "scp"], "The caller's scopes."),
    ])

    static let apiKeys = Record([
        Field("header", .text(.header), default: "X-API-Key", "The header that carries a key."),
        Field(
            "keys", .table(.serviceName, .record(apiKey), atLeast: 1), required: true,
            example: "{reports: {sha256: [\"…\"]}}", "The keys, by name."),
    ])

    static let apiKey = Record([
        Field(
            "sha256", .list(.text(.sha256), atLeast: 1), required: true, example: "[\"…\"]",
            "SHA-256 of each valid key; `swiftlet key` prints it."),
        Field("roles", .texts(.word), default: [], "The roles of a caller with this key."),
        Field("scopes", .texts(.word), default: [], "The scopes of a caller with this key."),
        Field("expires", .text(.date), example: "2027-01-01", "When the key ends, in UTC."),
    ])

    static let authRule = Record([
        Field("roles", .texts(.word), example: "[admin]", "Any of these."),
        Field("scopes", .texts(.word), example: "[users:write]", "All of these."),
        Field("by", .list(.choice(CredentialKind.self), atLeast: 1), example: "[jwt]", "Ways to prove it."),
    ])
}
