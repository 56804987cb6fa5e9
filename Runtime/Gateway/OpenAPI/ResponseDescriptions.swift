import JSONCoding
import Manifests
import WireProtocol

/// The answers of an operation: what the handler gives, 304, and each error that can be reached.
enum ResponseDescriptions {
    /// `responses`, by status.
    static func value(
        _ operation: PathTemplates.Operation, in manifest: Manifest, _ components: inout ComponentRegistry
    ) -> JSONValue {
        var responses = success(operation, in: manifest, &components)
        if operation.route.method == "GET" {
            responses["304"] = components.response(named: "NotModified") { components in
                [
                    "description": "The answer that the client has is still good.",
                    "headers": components.headers([.requestID, .entityTag, .cacheControl]),
                ]
            }
        }
        let errors = ReachableErrors(operation, in: manifest)
        let statuses = Set(errors.codes.map(\.status.code)).sorted()
        for status in statuses {
            responses["\(status)"] = error(errors.codes.filter { $0.status.code == status }, &components)
        }
        if !errors.own.isEmpty {
            // The status is the handler's to choose.
            let text = "Errors of the handler's own: \(errors.own.map { "`\($0)`" }.joined(separator: ", "))."
            responses["default"] = .object(
                [
                    "description": .string(text), "headers": components.headers([.requestID]),
                    "content": content(&components),
                ])
        }
        return .object(responses)
    }

    /// Where there is a schema: 200, and 201 too for the methods that create. Else whatever the handler answers.
    private static func success(
        _ operation: PathTemplates.Operation, in manifest: Manifest, _ components: inout ComponentRegistry
    ) -> JSONObject {
        let function = operation.function
        let method = operation.route.method
        var headers: [SharedHeader] = [.requestID]
        if !function.rate.isEmpty || !manifest.rate.isEmpty { headers += [.rateLimit, .rateLimitPolicy] }
        if function.page != nil { headers.append(.link) }
        if method == "GET" { headers += [.entityTag, .cacheControl] }
        if function.cache != nil, method == "GET" { headers += [.age, .cacheStatus] }
        if function.idempotency != nil { headers.append(.replayed) }

        guard let schema = schema(function, &components) else {
            if method != "GET" { headers.append(.location) }
            return ["2XX": ["description": "What the function answers.", "headers": components.headers(headers)]]
        }
        let content: JSONValue = ["application/json": ["schema": schema]]
        var responses: JSONObject = [
            "200": [
                "description": function.page == nil ? "The answer." : "A page.",
                "headers": components.headers(headers), "content": content,
            ]
        ]
        if method == "POST" || method == "PUT" {
            responses["201"] = [
                "description": "What was created.", "headers": components.headers(headers + [.location]),
                "content": content,
            ]
        }
        return responses
    }

    /// The schema of a 200; of a page that of its envelope, in which `output` describes one item. Nil: not known.
    private static func schema(_ function: FunctionSettings, _ components: inout ComponentRegistry) -> JSONValue? {
        let name = function.name.rawValue + "Output"
        let output = function.output.flatMap { components.schema($0, named: name) }
        guard let page = function.page else { return output }
        let pagination = components.schema(page.style == .page ? .pagePagination : .cursorPagination)
        return [
            "type": "object", "required": ["data", "pagination"],
            "properties": ["data": ["type": "array", "items": output ?? .bool(true)], "pagination": pagination],
        ]
    }

    /// One response for all codes of a status; a component that is named after them.
    private static func error(_ codes: [ErrorCode], _ components: inout ComponentRegistry) -> JSONValue {
        components.response(named: codes.map(\.rawValue).joined(separator: ".")) { components in
            var headers: [SharedHeader] = [.requestID]
            switch codes.first?.status.code {
            case 401, 403: headers.append(.challenge)
            case 405: headers.append(.allow)
            case 429: headers += [.retryAfter, .rateLimit, .rateLimitPolicy]
            case 503: headers.append(.retryAfter)
            default: break
            }
            let text = codes.map { "`\($0.rawValue)`: \($0.sentence)." }.joined(separator: " ")
            return [
                "description": .string(text), "headers": components.headers(headers), "content": content(&components),
            ]
        }
    }

    private static func content(_ components: inout ComponentRegistry) -> JSONValue {
        [
            "application/json": ["schema": components.schema(.error)],
            "application/problem+json": ["schema": components.schema(.problem)],
        ]
    }
}
