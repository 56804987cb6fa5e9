extension RoutePattern {
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    init(parsing text: String) throws(TextProblem) {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            let fix = text.hasPrefix("/") ? "GET \(text)" : "GET /users/{id}"
            throw TextProblem("must be a method, a space and a path", fix: "write `\(fix)`")
        }
        let method = String(parts[0])
        let path = String(parts[1])
        try Self.check(method: method, path: path)
        guard path.hasPrefix("/") else {
            let rest = path.drop { $0 == " " || $0 == "/" }
            throw TextProblem(
                "must have one space and then a path that begins with `/`", fix: "write `\(method) /\(rest)`")
        }
        self.init(method: method, path: path, segments: try Self.segments(ofPath: path))
    }

    private static func check(method: String, path: String) throws(TextProblem) {
        guard !methods.contains(method) else { return }
        let upper = method.uppercased()
        if methods.contains(upper) {
            throw TextProblem("must have its method in upper case", fix: "write `\(upper) \(path)`")
        }
        switch upper {
        case "HEAD":
            throw TextProblem(
                "has the method HEAD, which every GET route answers by itself", fix: "write `GET \(path)`")
        case "CONNECT", "TRACE":
            throw TextProblem(
                "has the method \(upper), which is never served", fix: "write `GET \(path)` or another method"
            )
        default:
            let near = Similarity.nearest(to: upper, among: methods)
            throw TextProblem(
                "has the unknown method `\(method)`",
                fix: near.map { "write `\($0) \(path)`" } ?? "write one of \(methods.joined(separator: ", "))"
            )
        }
    }

    /// Cuts a path, which begins with a slash, at its slashes and checks each part.
    static func segments(ofPath path: String) throws(TextProblem) -> [Segment] {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var segments: [Segment] = []
        var names: Set<String> = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let segment = try segment(String(part), isLast: isLast)
            if case .parameter(let name) = segment, !names.insert(name).inserted { throw repeated(name) }
            if case .rest(let name) = segment {
                guard isLast else {
                    throw TextProblem(
                        "has `{\(name)+}` before the end of its path",
                        fix: "put `{\(name)+}` last, or write `{\(name)}` for one part of the path")
                }
                guard names.insert(name).inserted else { throw repeated(name) }
            }
            segments.append(segment)
        }
        return segments
    }

    private static func repeated(_ name: String) -> TextProblem {
        TextProblem("has the parameter `{\(name)}` twice", fix: "give each parameter a name of its own")
    }

    private static func segment(_ text: String, isLast: Bool) throws(TextProblem) -> Segment {
        if text.hasPrefix("{"), text.hasSuffix("}"), !text.dropFirst().dropLast().contains("{") {
            return try parameter(String(text.dropFirst().dropLast()))
        }
        guard !text.isEmpty || isLast else {
            throw TextProblem("has two slashes in a row", fix: "write one slash")
        }
        guard !text.contains("{"), !text.contains("}") else {
            throw TextProblem(
                "has a parameter that is not a whole part of the path: `\(text)`",
                fix: "write a parameter alone between two slashes, such as `/files/{name}`")
        }
        if text.hasPrefix(":") {
            throw TextProblem(
                "has a parameter in another program's form: `\(text)`", fix: "write `{\(text.dropFirst())}`")
        }
        guard text != ".", text != ".." else {
            throw TextProblem("has `\(text)` in its path, which no request keeps", fix: "remove that part")
        }
        for (character, why) in [
            ("?", "a query, which is not routed by"), ("#", "a fragment, which no client sends"),
            ("%", "a percent sign: paths are compared after decoding"), ("\\", "a backslash"),
            ("*", "a wildcard"),
        ] where text.contains(character) {
            let fix =
                character == "*"
                ? "write `{rest+}` for the rest of the path" : "write the plain path without it"
            throw TextProblem("has \(why)", fix: fix)
        }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw TextProblem("has a space or a control character in its path", fix: "remove it")
        }
        return .literal(text)
    }

    private static func parameter(_ inner: String) throws(TextProblem) -> Segment {
        let takesRest = inner.hasSuffix("+")
        let name = takesRest ? String(inner.dropLast()) : inner
        let isName = TextFormat.word(
            name, first: { TextFormat.isLetter($0) || $0 == 0x5F },
            rest: { TextFormat.isLetterOrDigit($0) || $0 == 0x5F })
        guard isName else {
            throw TextProblem(
                "has the parameter `{\(inner)}`, whose name is not letters, digits and `_`",
                fix: "write something like `{id}`, or `{rest+}` for the rest of the path")
        }
        return takesRest ? .rest(name) : .parameter(name)
    }
}
