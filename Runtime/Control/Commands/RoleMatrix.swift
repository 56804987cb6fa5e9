import JSONCoding
import Manifests

/// Who may call which route: the matrix that `swiftlet routes --roles` prints.
///
/// It says what the manifest's `auth` grants by roles; a function's own decisions, such as "only one's own orders", are
/// beyond it.
public struct RoleMatrix {
    /// One route.
    public struct Row: Sendable {
        /// The route.
        public let route: RouteTable.Row
        /// Whether a request without a token or key is let in.
        public let anonymous: Bool
        /// Whether any caller is let in, without a role; the scopes aside.
        public let anyCaller: Bool
        /// For each of the matrix's roles whether a caller with just this role is let in, the scopes aside.
        public let roles: [Bool]
        /// The scopes that a caller needs beside that, all of them.
        public let scopes: [String]
        /// How a caller may prove who it is; empty: any way that the manifest has.
        public let by: [String]
    }

    /// Every role that the manifest names, in the order of the alphabet.
    public let roles: [String]
    /// The routes in the manifest's order.
    public let rows: [Row]

    /// The matrix of this manifest.
    public init(_ manifest: Manifest) {
        var names = Set(manifest.auth?.apiKeys?.keys.flatMap(\.roles) ?? [])
        for function in manifest.functions {
            if case .required(let roles, _, _) = function.auth { names.formUnion(roles) }
        }
        let roles = names.sorted()
        self.roles = roles
        var rules: [String: AuthRule] = [:]
        for function in manifest.functions { rules[function.name.rawValue] = function.auth }
        rows = RouteTable(manifest).rows.map { Row($0, rules[$0.function] ?? .required(), roles) }
    }

    /// The matrix as text: a line a route, `yes` or `-` for nobody in particular, for any caller, and for each role.
    public var lines: [[String]] {
        let head = ["METHOD", "PATH", "VERSION", "FUNCTION", "anonymous", "any caller"] + roles + ["BY", "SCOPES"]
        return [head]
            + rows.map { row in
                [row.route.method, row.route.path, row.route.version, row.route.function]
                    + ([row.anonymous, row.anyCaller] + row.roles).map { $0 ? "yes" : "-" }
                    + [row.by.isEmpty ? "any" : row.by.joined(separator: " "), row.scopes.joined(separator: " ")]
            }
    }

    /// `{"roles":[…],"routes":[{"method":…,"path":…,"version":…,"function":…,"anonymous":…,"anyCaller":…,"roles":[…],
    /// "scopes":[…],"by":[…]}]}`; a route's `roles` are those that are let in.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("roles")
        Self.write(roles, &json)
        json.key("routes")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.key("method")
            json.string(row.route.method)
            json.key("path")
            json.string(row.route.path)
            json.key("version")
            json.string(row.route.version)
            json.key("function")
            json.string(row.route.function)
            json.key("anonymous")
            json.bool(row.anonymous)
            json.key("anyCaller")
            json.bool(row.anyCaller)
            json.key("roles")
            Self.write(zip(roles, row.roles).filter(\.1).map(\.0), &json)
            json.key("scopes")
            Self.write(row.scopes, &json)
            json.key("by")
            Self.write(row.by, &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private static func write(_ texts: [String], _ json: inout JSONWriter) {
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}

extension RoleMatrix.Row {
    init(_ route: RouteTable.Row, _ rule: AuthRule, _ roles: [String]) {
        self.route = route
        switch rule {
        case .none, .optional:
            anonymous = true
            anyCaller = true
            self.roles = roles.map { _ in true }
            scopes = []
            by = []
        case .required(let wanted, let scopes, let by):
            anonymous = false
            anyCaller = wanted.isEmpty
            self.roles = roles.map { wanted.isEmpty || wanted.contains($0) }
            self.scopes = scopes
            self.by = by.map(\.rawValue)
        }
    }
}
