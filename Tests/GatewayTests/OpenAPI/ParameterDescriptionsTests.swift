import JSONCoding
import Manifests
import Testing

@testable import Gateway

@Suite("OpenAPI: parameters and security")
struct ParameterDescriptionsTests {
    private static func operation(
        _ route: String, _ change: (inout FunctionSettings, inout Manifest) -> Void
    ) throws -> (operation: JSONValue, components: JSONValue) {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        let pattern = try #require(RoutePattern(route))
        var function = FunctionSettings(name: "F", routes: [pattern], auth: .none)
        change(&function, &manifest)
        manifest.functions = [function]
        let document = try JSONValue.parse(OpenAPIDocument(manifest).bytes)
        let item = document["paths"]?[pattern.path]?[pattern.method.lowercased()]
        return (try #require(item), try #require(document["components"]))
    }

    private static func names(_ operation: JSONValue) -> [String] {
        (operation["parameters"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    @Test("query parameters have their property's schema; those of the page are the convention's")
    func query() throws {
        let (operation, _) = try Self.operation("GET /a") { function, _ in
            function.page = PageSettings(style: .page, default: 10, max: 100)
            function.input.query = SchemaDocument(
                json: #"{"properties":{"q":{"minLength":2},"limit":{},"cursor":{}},"required":["q"]}"#)
        }
        #expect(Self.names(operation) == ["q", "cursor", "page", "limit"])
        #expect(
            operation["parameters"]?[0] == ["name": "q", "in": "query", "required": true, "schema": ["minLength": 2]])
        #expect(
            operation["parameters"]?[2]?["schema"]
                == ["type": "integer", "minimum": 1, "maximum": 90_071_992_547_409, "default": 1])
        #expect(operation["parameters"]?[3]?["schema"] == ["type": "integer", "minimum": 1, "default": 10])
    }

    @Test("a parameter that only an alternative names is described, and need not be there")
    func alternatives() throws {
        let (operation, _) = try Self.operation("GET /a/{id}") { function, _ in
            function.input.query = SchemaDocument(
                json: #"{"anyOf":[{"properties":{"q":{"minLength":2}},"required":["q"]},{"properties":{"r":{}}}]}"#)
            function.input.path = SchemaDocument(json: #"{"oneOf":[{"properties":{"id":{"type":"integer"}}}]}"#)
        }
        #expect(
            operation["parameters"]?.arrayValue?.prefix(3) == [
                ["name": "id", "in": "path", "required": true, "schema": ["type": "integer"]],
                ["name": "q", "in": "query", "schema": ["minLength": 2]],
                ["name": "r", "in": "query", "schema": [:]],
            ])
    }

    @Test("a parameter of the path is always required, and text where no schema has it")
    func path() throws {
        let (operation, _) = try Self.operation("GET /a/{x}/{y}") { function, _ in
            function.input.path = SchemaDocument(json: #"{"properties":{"y":{"type":"integer"},"z":{}}}"#)
        }
        #expect(
            operation["parameters"]?.arrayValue?.prefix(2) == [
                ["name": "x", "in": "path", "required": true, "schema": ["type": "string"]],
                ["name": "y", "in": "path", "required": true, "schema": ["type": "integer"]],
            ])
    }

    @Test("headers: the key of idempotency, and conditions where they mean something")
    func headers() throws {
        let (post, _) = try Self.operation("POST /a") { function, _ in
            function.idempotency = IdempotencySettings(header: "Request-Key", required: true)
            function.errors = ["PRECONDITION_FAILED"]
        }
        #expect(Self.names(post) == ["Request-Key"])
        #expect(post["parameters"]?[0]?["required"] == true)
        #expect(post["parameters"]?[1] == ["$ref": "#/components/parameters/IfMatch"])
        let (get, components) = try Self.operation("GET /a") { _, _ in }
        #expect(get["parameters"] == [["$ref": "#/components/parameters/IfNoneMatch"]])
        #expect(components["parameters"]?["IfNoneMatch"]?["name"] == "If-None-Match")
        let (delete, _) = try Self.operation("DELETE /a") { _, _ in }
        #expect(delete["parameters"] == nil)
    }

    @Test(
        "security is one of the accepted ways",
        arguments: [
            (.none, "[]"), (.optional, #"[{},{"bearer":[]},{"apiKey":[]}]"#),
            (.required(), #"[{"bearer":[]},{"apiKey":[]}]"#), (.required(by: [.apiKey]), #"[{"apiKey":[]}]"#),
        ] as [(AuthRule, String)])
    func security(rule: AuthRule, json: String) throws {
        let (operation, components) = try Self.operation("GET /a") { function, manifest in
            function.auth = rule
            manifest.auth = AuthSettings(
                jwt: JWTSettings(keys: .secret("a secret that nobody may see, ever")),
                apiKeys: APIKeySettings(
                    header: "X-Key", keys: [.init(name: "hidden-name", hashes: [[UInt8](repeating: 1, count: 32)])]))
        }
        #expect(operation["security"]?.description == json)
        #expect(
            components["securitySchemes"] == [
                "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                "apiKey": ["type": "apiKey", "in": "header", "name": "X-Key"],
            ])
        #expect(!components.description.contains("nobody may see"))
        #expect(!components.description.contains("hidden-name"))
    }

    @Test("roles and scopes are told to people and to programs")
    func demands() throws {
        let (operation, _) = try Self.operation("GET /a") { function, _ in
            function.auth = .required(roles: ["admin", "support"], scopes: ["users:read"])
        }
        #expect(operation["x-roles"] == ["admin", "support"])
        #expect(operation["x-scopes"] == ["users:read"])
        #expect(
            operation["description"]
                == "Callers need one of the roles `admin`, `support`. Callers need all of the scopes `users:read`.")
    }

    @Test("a title names a schema that several functions share; another schema of that title gets a name of its own")
    func titles() throws {
        func function(_ name: String, _ route: String, _ output: String) -> FunctionSettings {
            var function = FunctionSettings(
                name: FunctionName(rawValue: name), routes: [route].compactMap { RoutePattern($0) }, auth: .none)
            function.output = SchemaDocument(json: output)
            return function
        }
        let user = #"{"title":"User","type":"object"}"#
        let manifest = Manifest(
            name: "shop", directory: "/srv/shop",
            functions: [
                function("A", "GET /a", user), function("B", "GET /b", user),
                function("C", "GET /c", #"{"title":"User","type":"string"}"#),
                function("D", "GET /d", #"{"title":"Error"}"#), function("E", "GET /e", #"{"title":"Two words"}"#),
            ])
        let document = try JSONValue.parse(OpenAPIDocument(manifest).bytes)
        let names = ["/a", "/b", "/c", "/d", "/e"].map { path -> String? in
            let content = document["paths"]?[path]?["get"]?["responses"]?["200"]?["content"]
            return content?["application/json"]?["schema"]?["$ref"]?.stringValue
        }
        #expect(names == ["User", "User", "COutput", "DOutput", "EOutput"].map { "#/components/schemas/\($0)" })
    }
}
