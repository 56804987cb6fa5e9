import Crypto
import Manifests

@testable import Gateway

/// Manifests for tests of how the conventions work together.
enum ConventionsManifest {
    /// The key of the caller `reports`.
    static let apiKey = "swl_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
    /// The key of the caller `billing`.
    static let otherKey = "swl_GFEDCBAzyxwvutsrqponmlkjihgfedcba9876543210"

    /// A function at one route; `change` sets its policies.
    static func function(
        _ name: String, _ route: String, auth: AuthRule = .none, _ change: (inout FunctionSettings) -> Void = { _ in }
    ) -> FunctionSettings {
        var function = GatewayFixture.function(name, route)
        function.auth = auth
        change(&function)
        return function
    }

    /// A manifest of these functions, without a prefix, that takes tokens and API keys.
    static func make(
        _ functions: [FunctionSettings], _ change: (inout Manifest) -> Void = { _ in }
    ) -> Manifest {
        var manifest = Manifest(name: "shop", directory: "/srv/shop", functions: functions)
        func hash(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Array(key.utf8))) }
        manifest.auth = AuthSettings(
            jwt: JWTSettings(keys: .secret(TokenMint.secret)),
            apiKeys: APIKeySettings(keys: [
                .init(name: "reports", hashes: [hash(apiKey)], roles: ["reader"]),
                .init(name: "billing", hashes: [hash(otherKey)], roles: ["reader"]),
            ]))
        change(&manifest)
        return manifest
    }

    /// One function for each demand on its caller.
    static var access: Manifest {
        make([
            function("Open", "GET /open"), function("Maybe", "GET /maybe", auth: .optional),
            function("Mine", "GET /mine", auth: .required()),
            function("Admin", "GET /admin", auth: .required(roles: ["admin", "support"])),
            function("Write", "POST /things", auth: .required(scopes: ["things:write", "things:read"])) {
                $0.body = ByteCount(bytes: 1000)
            },
            function("Upload", "PUT /upload", auth: .required()) {
                $0.stream.request = true
                $0.body = ByteCount(bytes: 100)
            },
            function("Reports", "GET /reports", auth: .required(by: [.apiKey])),
        ])
    }

    static func schema(_ json: String) -> SchemaDocument { SchemaDocument(json: json) }
}
