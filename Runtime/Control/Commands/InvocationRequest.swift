import JSONCoding
import Manifests
import WireProtocol

/// One invocation as the command line says it, before it is an HTTP request.
public struct InvocationRequest: Sendable {
    /// A name with its value.
    public typealias Pair = (name: String, value: String)

    /// The function by name; nil when method and path are given.
    public var function: String?
    /// The method; nil takes that of the function's first route.
    public var method: String?
    /// The path, without the prefix or with it.
    public var path: String?
    /// The route's parameters.
    public var parameters: [Pair] = []
    /// The query's parameters.
    public var query: [Pair] = []
    /// The header fields.
    public var headers: [Pair] = []
    /// The body.
    public var body: [UInt8] = []
    /// The caller's id; nil is anonymous.
    public var identity: String?
    /// The caller's roles.
    public var roles: [String] = []
    /// The caller's scopes.
    public var scopes: [String] = []

    /// An invocation of nothing yet.
    public init() {}

    /// Takes the command's words: a function's name, a path (GET), or a method and a path.
    public mutating func apply(target: [String]) throws {
        switch target.count {
        case 0: break
        case 1 where target[0].hasPrefix("/"):
            path = target[0]
            function = nil
        case 1:
            function = target[0]
            path = nil
            method = nil
        default:
            guard Method(target[0].uppercased()) != nil else {
                throw CommandFailure.usage(
                    "`\(target[0])` is no method; write a function's name, or like `GET /users`.")
            }
            guard target[1].hasPrefix("/") else {
                throw CommandFailure.usage(
                    "The path `\(target[1])` must begin with `/`; write `\(target[0]) /\(target[1])`.")
            }
            method = target[0].uppercased()
            path = target[1]
            function = nil
        }
    }

    /// Takes what a JSON event file holds.
    public mutating func apply(event: [UInt8]) throws {
        let value: JSONValue
        do { value = try JSONValue.parse(event) } catch { throw CommandFailure("The event is no JSON: \(error)") }
        guard case .object(let members) = value else { throw CommandFailure("The event must be a JSON object.") }
        for member in members {
            let (key, value) = (member.key, member.value)
            switch (key, value) {
            case ("function", .string(let text)): function = text
            case ("method", .string(let text)): method = text.uppercased()
            case ("path", .string(let text)): path = text
            case ("parameters", .object(let pairs)): parameters += try Self.pairs(pairs, key)
            case ("query", .object(let pairs)): query += try Self.pairs(pairs, key)
            case ("headers", .object(let pairs)): headers += try Self.pairs(pairs, key)
            case ("body", .string(let text)): body = Array(text.utf8)
            case ("body", _): body = value.serialize()
            default:
                throw CommandFailure(
                    "The event's `\(key)` is unknown or of the wrong type; it may have function, method and path "
                        + "(text), parameters, query and headers (objects), and body.")
            }
        }
    }

    /// The request line's method and target for this manifest: prefix, version and query included.
    func target(in manifest: Manifest) throws -> (method: Method, target: String) {
        var route = path ?? ""
        var verb = method
        if let name = function {
            guard let found = manifest.function(FunctionName(rawValue: name)), let first = found.routes.first else {
                let names = manifest.functions.map(\.name.rawValue).joined(separator: ", ")
                throw CommandFailure.usage("There is no function `\(name)` in \(manifest.path); there are: \(names).")
            }
            let chosen = found.routes.first { verb == nil || $0.method == verb } ?? first
            verb = verb ?? chosen.method
            for parameter in parameters where !chosen.has(parameter: parameter.name) {
                throw CommandFailure.usage(
                    "`\(name)` has the route \(chosen.path), without a parameter `\(parameter.name)`.")
            }
            route = try fill(chosen, of: name)
            if found.version != manifest.versions?.default { route = "/\(found.version)" + route }
            route = manifest.server.prefix + route
        } else {
            guard parameters.isEmpty else {
                throw CommandFailure.usage("-p fills a function's route; with a path, write the value into the path.")
            }
            if !route.hasPrefix(manifest.server.prefix + "/") && !Self.isHealth(route) {
                route = manifest.server.prefix + route
            }
        }
        guard let method = Method(verb ?? "GET") else {
            throw CommandFailure.usage("`\(verb ?? "")` is no known method.")
        }
        let asked = query.map { Self.encode($0.name) + "=" + Self.encode($0.value) }.joined(separator: "&")
        let separator = route.contains("?") ? "&" : "?"
        return (method, asked.isEmpty ? route : route + separator + asked)
    }

    /// Whether a field of this name, in lower case, is given.
    public func has(header name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }

    /// Checks the header fields, as far as the command can: their names (RFC 9110, section 5.1), that each is one line, and
    /// that they leave to the command what is the command's.
    public func checkHeaders() throws {
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
                throw CommandFailure.usage(
                    "`\(name)` is no name of a header: letters, digits and -, such as 'Accept: text/csv'.")
            }
            guard !value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
                throw CommandFailure.usage("The header `\(name)` holds a line break or NUL; a header is one line.")
            }
            guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
                throw CommandFailure.usage("The header `\(name)` is written by the command itself; leave it out.")
            }
        }
    }

    /// Whether a byte may stand in a token (RFC 9110, section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Says that the body is JSON where there is one and no header says otherwise.
    public mutating func addContentType() {
        if !body.isEmpty && !has(header: "content-type") { headers.append(("content-type", "application/json")) }
    }

    /// Whether a request's target is one of the health addresses, which stand before every prefix.
    static func isHealth(_ target: String) -> Bool {
        ["/health", "/health/live", "/health/ready"].contains(String(target.prefix { $0 != "?" }))
    }

    private func fill(_ route: RoutePattern, of function: String) throws -> String {
        var text = ""
        for segment in route.segments {
            switch segment {
            case .literal(let literal): text += "/" + Self.encode(literal)
            case .parameter(let name), .rest(let name):
                guard let value = parameters.first(where: { $0.name == name })?.value else {
                    throw CommandFailure.usage(
                        "`\(function)` has the route \(route.path); give its parameter: -p \(name)=VALUE.")
                }
                var pieces = [Substring(value)]
                if case .rest = segment { pieces = value.split(separator: "/") }
                guard pieces.contains(where: { !$0.isEmpty }) else {
                    throw CommandFailure.usage("The parameter `\(name)` is empty; write -p \(name)=VALUE.")
                }
                if let piece = pieces.first(where: { $0 == "." || $0 == ".." }) {
                    throw CommandFailure.usage(
                        "The parameter `\(name)` cannot be `\(piece)`: in a path that leads to another address.")
                }
                text += "/" + pieces.map { Self.encode(String($0)) }.joined(separator: "/")
            }
        }
        return text.isEmpty ? "/" : text
    }

    private static func pairs(_ members: JSONObject, _ key: String) throws -> [Pair] {
        try members.map { member in
            switch member.value {
            case .string(let text): (member.key, text)
            case .bool, .number: (member.key, String(decoding: member.value.serialize(), as: UTF8.self))
            default: throw CommandFailure("The event's `\(key).\(member.key)` must be text, a number or a boolean.")
            }
        }
    }

    private static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension RoutePattern {
    /// Whether the route has a parameter of this name.
    fileprivate func has(parameter name: String) -> Bool {
        segments.contains { $0 == .parameter(name) || $0 == .rest(name) }
    }
}
