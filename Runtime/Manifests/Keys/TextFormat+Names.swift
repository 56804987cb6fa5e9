extension TextFormat {
    static let apiName = TextFormat(
        "a name", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example: "shop",
        rule: "must be 1 to 64 letters, digits, `.`, `_` or `-`, a letter or digit first"
    ) {
        word($0, first: isLetterOrDigit, rest: { isLetterOrDigit($0) || ".-_".utf8.contains($0) })
    }

    static let functionName = TextFormat(
        "a function's name", pattern: "^[A-Za-z][A-Za-z0-9_-]{0,63}$", example: "GetUser",
        rule: "must be 1 to 64 letters, digits, `_` or `-`, a letter first"
    ) { word($0, first: isLetter, rest: { isLetterOrDigit($0) || "-_".utf8.contains($0) }) }

    static let executableName = TextFormat(
        "an executable's name", pattern: "^[^/]+$", example: "GetUser"
    ) { (text) throws(TextProblem) in
        guard !text.isEmpty, text != ".", text != "..", !text.contains("/"), !holdsControlCharacter(text)
        else {
            throw TextProblem(
                "must be the name of an executable in the `executables` folder, without a path",
                fix: "write `{swift: GetUser}`, or `{command: [./path/to/program]}` for another program")
        }
    }

    static let serviceName = TextFormat(
        "a name", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$", example: "database",
        rule: "must be 1 to 64 letters, digits, `.`, `_` or `-`"
    ) {
        word(
            $0, first: { isLetterOrDigit($0) || $0 == 0x5F },
            rest: { isLetterOrDigit($0) || ".-_".utf8.contains($0) })
    }

    static let version = TextFormat(
        "a version", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$", example: "v2",
        rule: "must be 1 to 32 letters, digits, `.`, `_` or `-`, a letter or digit first"
    ) {
        word(
            $0, limit: 32, first: isLetterOrDigit,
            rest: { isLetterOrDigit($0) || ".-_".utf8.contains($0) })
    }

    static let variable = TextFormat(
        "an environment variable's name", pattern: "^(?!SWIFTLET_)[A-Za-z_][A-Za-z0-9_]*$",
        example: "LOG_LEVEL"
    ) { (text) throws(TextProblem) in
        guard
            word(
                text, limit: 256, first: { isLetter($0) || $0 == 0x5F },
                rest: { isLetterOrDigit($0) || $0 == 0x5F })
        else {
            throw TextProblem(
                "must be letters, digits and `_`, no digit first", fix: "write something like `LOG_LEVEL`")
        }
        guard !text.hasPrefix("SWIFTLET_") else {
            throw TextProblem(
                "begins with `SWIFTLET_`, which the runtime keeps for itself",
                fix: "give it another name")
        }
    }

    static let header = headerName(like: "X-API-Key")

    static func headerName(like example: String) -> TextFormat {
        TextFormat(
            "a header's name", pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", example: example,
            rule: "is not the name of a header (RFC 9110 section 5.1)"
        ) { TextFormat.isToken($0) }
    }

    static let method = TextFormat(
        "a method", pattern: "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$", example: "GET",
        rule: "must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS"
    ) { ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains($0) }

    static let errorCode = TextFormat(
        "an error code", pattern: "^[A-Z][A-Z0-9_]*$", example: "NOT_FOUND",
        rule: "must be upper-case letters, digits and `_`"
    ) {
        word(
            $0, first: { (0x41...0x5A).contains($0) },
            rest: { (0x41...0x5A).contains($0) || isDigit($0) || $0 == 0x5F })
    }

    static let word = TextFormat(
        "a word", pattern: "^\\S+$", example: "admin", rule: "must be one word, without spaces"
    ) { !$0.isEmpty && !holdsControlCharacter($0) && !$0.contains(" ") }
}
