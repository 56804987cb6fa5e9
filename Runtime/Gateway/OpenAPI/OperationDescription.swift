import JSONCoding
import Manifests

/// One operation: a method at an address.
enum OperationDescription {
    /// The operation object (OpenAPI 3.1, section 4.8.10).
    static func value(
        _ operation: PathTemplates.Operation, in manifest: Manifest, _ components: inout ComponentRegistry
    ) -> JSONValue {
        let function = operation.function
        var value: JSONObject = ["operationId": .string(operation.id)]
        if let summary = function.summary { value["summary"] = .string(summary) }
        let demands = SecurityDescription.demands(function.auth)
        if !demands.sentences.isEmpty { value["description"] = .string(demands.sentences.joined(separator: " ")) }
        if !function.tags.isEmpty { value["tags"] = .array(function.tags.map { .string($0) }) }
        let parameters = ParameterDescriptions.values(operation, in: manifest, &components)
        if !parameters.isEmpty { value["parameters"] = .array(parameters) }
        if let body = body(operation, &components) { value["requestBody"] = body }
        value["responses"] = ResponseDescriptions.value(operation, in: manifest, &components)
        value["security"] = SecurityDescription.requirements(function.auth, manifest.auth)
        for member in demands.extensions.members { value[member.key] = member.value }
        return .object(value)
    }

    /// `requestBody`: by its schema; without one any body for the methods that have one, of any type where it is
    /// streamed. Nil: none.
    private static func body(
        _ operation: PathTemplates.Operation, _ components: inout ComponentRegistry
    ) -> JSONValue? {
        let function = operation.function
        if let document = function.input.body,
            let schema = components.schema(document, named: function.name.rawValue + "Body")
        {
            return ["required": true, "content": ["application/json": ["schema": schema]]]
        }
        guard ReachableErrors.takesBody(operation) else { return nil }
        let anything: JSONValue = .object(JSONObject())
        if function.stream.request {
            return ["description": "It is read as it comes.", "content": ["*/*": anything]]
        }
        return ["content": ["application/json": anything]]
    }
}
