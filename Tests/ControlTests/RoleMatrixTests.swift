import Manifests
import Testing

@testable import Control

@Suite("Who may call which route, as `swiftlet routes --roles` tells")
struct RoleMatrixTests {
    private static func matrix(_ rules: [(String, AuthRule)], keys: [APIKeySettings.Key] = []) -> RoleMatrix {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.server.prefix = "/api"
        manifest.auth = AuthSettings(
            jwt: JWTSettings(keys: .secret("s")), apiKeys: keys.isEmpty ? nil : APIKeySettings(keys: keys))
        manifest.functions = rules.map { route, rule in
            FunctionSettings(
                name: FunctionName(rawValue: String(route.split(separator: "/").last ?? "")),
                routes: [RoutePattern(route)].compactMap { $0 }, auth: rule)
        }
        return RoleMatrix(manifest)
    }

    @Test("a line a route: nobody in particular, each role that the manifest names, and the scopes beside it")
    func lines() {
        let matrix = Self.matrix(
            [
                ("GET /open", .none), ("GET /maybe", .optional), ("GET /any", .required()),
                ("POST /users", .required(roles: ["admin", "support"], scopes: ["users:write", "x"])),
            ], keys: [APIKeySettings.Key(name: "reports", hashes: [], roles: ["reader"])])
        #expect(matrix.roles == ["admin", "reader", "support"])
        #expect(
            matrix.lines == [
                [
                    "METHOD", "PATH", "VERSION", "FUNCTION", "anonymous", "any caller", "admin", "reader", "support",
                    "BY", "SCOPES",
                ],
                ["GET", "/api/open", "v1", "open", "yes", "yes", "yes", "yes", "yes", "any", ""],
                ["GET", "/api/maybe", "v1", "maybe", "yes", "yes", "yes", "yes", "yes", "any", ""],
                ["GET", "/api/any", "v1", "any", "-", "yes", "yes", "yes", "yes", "any", ""],
                ["POST", "/api/users", "v1", "users", "-", "-", "yes", "-", "yes", "any", "users:write x"],
            ])
    }

    @Test("as JSON each route has the roles that are let in and the ways to prove it")
    func json() {
        let matrix = Self.matrix([("GET /any", .required(roles: ["b", "a"], by: [.apiKey]))])
        #expect(
            String(decoding: matrix.json(), as: UTF8.self) == #"{"roles":["a","b"],"routes":[{"method":"GET","#
                + #""path":"/api/any","version":"v1","function":"any","anonymous":false,"anyCaller":false,"#
                + #""roles":["a","b"],"scopes":[],"by":["apiKey"]}]}"# + "\n")
    }
}
