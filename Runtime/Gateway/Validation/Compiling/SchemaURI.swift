/// References between schemas, resolved by RFC 3986, section 5.
struct SchemaURI: Hashable {
    private var scheme: String?
    private var authority: String?
    private var path: String
    private var query: String?
    /// What follows `#`, still encoded; nil where there is no `#`.
    private(set) var fragment: String?

    init(_ text: String) {
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") {
            fragment = String(rest[rest.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(of: ":"), SchemaURI.isScheme(rest[..<colon]) {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            authority = rest[..<end].lowercased()
            rest = rest[end...]
        }
        path = String(rest)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first.isLetter else { return false }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDecimalDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
    }

    /// The URI without its fragment, as text.
    var document: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let authority { text += "//" + authority }
        text += path
        if let query { text += "?" + query }
        return text
    }

    /// Whether there is a scheme.
    var isAbsolute: Bool { scheme != nil }

    /// The fragment with its percent-encoding undone; nil where that is broken.
    var decodedFragment: String? {
        guard let fragment else { return "" }
        var bytes: [UInt8] = []
        let encoded = Array(fragment.utf8)
        var index = 0
        while index < encoded.count {
            if encoded[index] == UInt8(ascii: "%") {
                guard index + 2 < encoded.count,
                    let byte = UInt8(String(decoding: encoded[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(encoded[index])
                index += 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// What a reference means beside this URI.
    func resolve(_ text: String) -> SchemaURI {
        var target = SchemaURI(text)
        if target.scheme != nil {
            target.path = SchemaURI.withoutDots(target.path, keepsOpaque: target.authority == nil)
            return target
        }
        target.scheme = scheme
        if target.authority != nil {
            target.path = SchemaURI.withoutDots(target.path, keepsOpaque: false)
            return target
        }
        target.authority = authority
        if target.path.isEmpty {
            target.path = path
            target.query = target.query ?? query
        } else if target.path.hasPrefix("/") {
            target.path = SchemaURI.withoutDots(target.path, keepsOpaque: false)
        } else {
            var folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            if folder.isEmpty, authority != nil { folder = "/" }
            target.path = SchemaURI.withoutDots(folder + target.path, keepsOpaque: false)
        }
        return target
    }

    /// Removes `.` and `..` from a path (section 5.2.4); not from an opaque one, as URNs have it.
    private static func withoutDots(_ path: String, keepsOpaque: Bool) -> String {
        if keepsOpaque, !path.hasPrefix("/") { return path }
        let isRooted = path.hasPrefix("/")
        var kept: [Substring] = []
        let parts = (isRooted ? path.dropFirst() : path[...]).split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(part)
            }
        }
        return (isRooted ? "/" : "") + kept.joined(separator: "/")
    }
}
