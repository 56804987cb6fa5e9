import JSONCoding
import Manifests
import WireProtocol

/// The parameters of an operation: of its path, its query and its headers.
enum ParameterDescriptions {
    /// `parameters`: those of the path first, then of the query and of the page, then headers.
    static func values(
        _ operation: PathTemplates.Operation, in manifest: Manifest, _ components: inout ComponentRegistry
    ) -> [JSONValue] {
        path(operation, &components) + query(operation, &components)
            + headers(operation, in: manifest, &components)
    }

    /// What the schema says nothing of is any text.
    private static func path(
        _ operation: PathTemplates.Operation, _ components: inout ComponentRegistry
    ) -> [JSONValue] {
        let name = operation.function.name.rawValue + "Path"
        let properties = operation.function.input.path.map { components.properties($0, named: name) } ?? []
        return operation.parameters.map { parameter in
            let schema = properties.first { $0.name == parameter.name }?.schema ?? ["type": "string"]
            var value: JSONObject = [
                "name": .string(parameter.shown), "in": "path", "required": true, "schema": schema,
            ]
            if parameter.isRest { value["description"] = "The rest of the path; it may have slashes." }
            return .object(value)
        }
    }

    private static func query(
        _ operation: PathTemplates.Operation, _ components: inout ComponentRegistry
    ) -> [JSONValue] {
        let function = operation.function
        let name = function.name.rawValue + "Query"
        let properties = function.input.query.map { components.properties($0, named: name) } ?? []
        let own = properties.filter { property in
            function.page.map { !PageParameters.owns(property.name, $0.style) } ?? true
        }
        var values = own.map { property -> JSONValue in
            var value: JSONObject = ["name": .string(property.name), "in": "query"]
            if property.isRequired { value["required"] = true }
            value["schema"] = property.schema
            return .object(value)
        }
        if let page = function.page { values += self.page(page) }
        return values
    }

    private static func page(_ page: Manifests.PageSettings) -> [JSONValue] {
        let standard = min(page.default, page.max)
        let limit: JSONValue = [
            "name": "limit", "in": "query",
            "description": .string("Items in a page; more than \(page.max) is taken as \(page.max)."),
            "schema": ["type": "integer", "minimum": 1, "default": number(standard)],
        ]
        switch page.style {
        case .page:
            // Further ones are beyond what a number of JSON holds, at least with the largest limit.
            let last = PageParameters.furthest / max(page.max, 1)
            return [
                [
                    "name": "page", "in": "query", "description": "The page's number.",
                    "schema": ["type": "integer", "minimum": 1, "maximum": number(last), "default": 1],
                ], limit,
            ]
        case .cursor:
            return [
                limit,
                [
                    "name": "cursor", "in": "query",
                    "description": "`nextCursor` of the page before; absent: the first page.",
                    "schema": ["type": "string"],
                ],
            ]
        }
    }

    private static func headers(
        _ operation: PathTemplates.Operation, in manifest: Manifest, _ components: inout ComponentRegistry
    ) -> [JSONValue] {
        var values: [JSONValue] = []
        if let idempotency = operation.function.idempotency {
            var value: JSONObject = ["name": .string(idempotency.header), "in": "header"]
            if idempotency.required { value["required"] = true }
            value["description"] =
                "A request with the key of an earlier one gets its answer, and nothing is done again."
            value["schema"] = ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"]
            values.append(.object(value))
        }
        let conditions: Set<String> = [
            ErrorCode.preconditionFailed.rawValue, ErrorCode.preconditionRequired.rawValue,
        ]
        if operation.route.method == "GET" {
            values.append(
                components.parameter(named: "IfNoneMatch") {
                    condition("If-None-Match", "The `ETag` of an answer that the client has; the same again is 304.")
                })
        } else if operation.function.errors.contains(where: conditions.contains) {
            values.append(
                components.parameter(named: "IfMatch") {
                    condition("If-Match", "The `ETag` of the state that is to be changed; another state is 412.")
                })
        }
        if operation.choosesVersion, let versions = manifest.versions {
            values.append(
                components.parameter(named: "Version") {
                    [
                        "name": .string(versions.header), "in": "header",
                        "description": "The version. Other versions are described at addresses that name them.",
                        "schema": ["type": "string", "enum": [.string(versions.default)]],
                    ]
                })
        }
        return values
    }

    private static func condition(_ name: String, _ text: String) -> JSONValue {
        ["name": .string(name), "in": "header", "description": .string(text), "schema": ["type": "string"]]
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
