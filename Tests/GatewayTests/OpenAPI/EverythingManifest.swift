import Manifests

/// A manifest that uses whatever a description tells of; `Fixtures/OpenAPI/everything.json` is its description.
enum EverythingManifest {
    static let user = SchemaDocument(
        json: """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "User", "type": "object",
             "required": ["id", "name"],
             "properties": {
               "id": {"type": "integer", "minimum": 1},
               "name": {"type": "string", "minLength": 1, "maxLength": 200},
               "balance": {"type": "number", "multipleOf": 0.01},
               "manager": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}}
            """)
    static let newUser = SchemaDocument(
        json: """
            {"$id": "https://shop.example.com/new-user", "type": "object", "required": ["name", "email"],
             "properties": {
               "name": {"$ref": "#name"},
               "email": {"$ref": "https://shop.example.com/new-user#/$defs/email"},
               "$ref": {"const": {"$ref": "#/$defs/untouched"}}},
             "$defs": {
               "name": {"$anchor": "name", "type": "string", "minLength": 1},
               "email": {"type": "string", "format": "email"}}}
            """)

    static var manifest: Manifest {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.server.prefix = "/api"
        manifest.auth = AuthSettings(
            jwt: JWTSettings(keys: .url("https://issuer.example.com/keys")),
            apiKeys: APIKeySettings(
                header: "X-Shop-Key", keys: [.init(name: "reports", hashes: [[UInt8](repeating: 7, count: 32)])]))
        manifest.rate = [RateRule(limit: 1000, per: .seconds(900))]
        manifest.functions = [
            listUsers, listUsersV2, getUser, changeUser, createUser, function("GetFile", "GET /files/{path+}"),
            function("GetDirectory", "GET /files/{name}"), importing, function("Home", "GET /", "DELETE /"),
        ]
        return manifest
    }

    static func function(_ name: String, _ routes: String..., auth: AuthRule = .none) -> FunctionSettings {
        FunctionSettings(
            name: FunctionName(rawValue: name), routes: routes.compactMap { RoutePattern($0) }, auth: auth)
    }

    private static var listUsers: FunctionSettings {
        var function = function("ListUsers", "GET /users", auth: .required(roles: ["admin", "support"], by: [.jwt]))
        function.summary = "Lists users, newest first."
        function.tags = ["users"]
        function.page = PageSettings(style: .page, default: 10, max: 100)
        function.cache = CacheSettings(lifetime: .seconds(30))
        function.input.query = SchemaDocument(
            json:
                #"{"type":"object","required":["role"],"properties":{"role":{"enum":["admin","customer"]},"page":{}}}"#)
        function.output = user
        return function
    }

    private static var listUsersV2: FunctionSettings {
        var function = function("ListUsersV2", "GET /users", auth: .required())
        function.version = "v2"
        function.tags = ["users", "preview"]
        function.page = PageSettings(style: .cursor, default: 20, max: 50)
        return function
    }

    private static var getUser: FunctionSettings {
        var function = function("GetUser", "GET /users/{id}", "GET /people/{id}", auth: .optional)
        function.input.path = SchemaDocument(
            json: """
                {"type": "object", "properties": {"id": {"$ref": "#/$defs/number"}},
                 "$defs": {"number": {"type": "integer", "minimum": 1, "examples": [42]}}}
                """)
        function.output = user
        function.errors = ["NOT_FOUND", "USER_HIDDEN"]
        return function
    }

    private static var changeUser: FunctionSettings {
        var function = function("ChangeUser", "PATCH /users/{user}", auth: .required(scopes: ["users:write"]))
        function.input.path = SchemaDocument(
            json: #"{"type":"object","properties":{"user":{"type":"integer","minimum":1}}}"#)
        function.input.body = SchemaDocument(json: #"{"type":"object","properties":{"name":{"type":"string"}}}"#)
        function.errors = ["PRECONDITION_FAILED", "PRECONDITION_REQUIRED"]
        return function
    }

    private static var createUser: FunctionSettings {
        var function = function(
            "CreateUser", "POST /users", auth: .required(roles: ["admin"], scopes: ["users:write"]))
        function.rate = [RateRule(limit: 10, per: .seconds(60), by: .caller)]
        function.input.body = newUser
        function.output = user
        function.idempotency = IdempotencySettings(required: true)
        function.errors = ["CONFLICT"]
        return function
    }

    private static var importing: FunctionSettings {
        var function = function("Import", "POST /imports", auth: .required(by: [.apiKey]))
        function.stream.request = true
        return function
    }
}
