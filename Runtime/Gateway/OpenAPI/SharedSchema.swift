import JSONCoding

/// The schemas of what the conventions put into answers (contract 3.2 and 3.3).
enum SharedSchema: String {
    case error = "Error"
    case problem = "Problem"
    case errorDetail = "ErrorDetail"
    case pagePagination = "PagePagination"
    case cursorPagination = "CursorPagination"

    /// Those that this one refers to.
    var uses: [SharedSchema] {
        switch self {
        case .error, .problem: [.errorDetail]
        case .errorDetail, .pagePagination, .cursorPagination: []
        }
    }

    /// The schema.
    var value: JSONValue {
        switch self {
        case .error:
            [
                "type": "object", "required": ["error"],
                "properties": [
                    "error": [
                        "type": "object", "required": ["code", "status", "message", "timestamp", "requestId"],
                        "properties": [
                            "code": Self.code, "status": Self.status,
                            "message": ["type": "string", "description": "A sentence for people."],
                            "details": Self.details, "timestamp": Self.timestamp, "requestId": Self.requestID,
                        ],
                    ]
                ],
            ]
        case .problem:
            [
                "type": "object", "description": "Problem details (RFC 9457).",
                "required": ["type", "title", "status", "detail", "code", "requestId", "timestamp"],
                "properties": [
                    "type": ["type": "string", "const": "about:blank"], "title": ["type": "string"],
                    "status": Self.status,
                    "detail": ["type": "string", "description": "A sentence for people."], "code": Self.code,
                    "errors": Self.details, "requestId": Self.requestID, "timestamp": Self.timestamp,
                ],
            ]
        case .errorDetail:
            [
                "type": "object", "description": "One fault of the input.", "required": ["field", "in", "message"],
                "properties": [
                    "field": ["type": "string", "description": "The field's path, such as lines[0].quantity."],
                    "in": ["type": "string", "description": "body, query, path or header."],
                    "message": ["type": "string"],
                ],
            ]
        case .pagePagination:
            [
                "type": "object", "required": ["page", "limit", "total", "totalPages", "hasNext", "hasPrev"],
                "properties": [
                    "page": Self.count(from: 1), "limit": Self.count(from: 1), "total": Self.count(from: 0),
                    "totalPages": Self.count(from: 0), "hasNext": ["type": "boolean"], "hasPrev": ["type": "boolean"],
                ],
            ]
        case .cursorPagination:
            [
                "type": "object", "required": ["limit", "nextCursor", "hasNext"],
                "properties": [
                    "limit": Self.count(from: 1),
                    "nextCursor": ["type": ["string", "null"], "description": "The next page's `cursor`."],
                    "hasNext": ["type": "boolean"],
                ],
            ]
        }
    }

    private static let code: JSONValue = ["type": "string", "description": "What went wrong, for programs."]
    private static let status: JSONValue = ["type": "integer", "minimum": 400, "maximum": 599]
    private static let details: JSONValue = [
        "type": "array", "minItems": 1, "items": ["$ref": "#/components/schemas/ErrorDetail"],
    ]
    private static let timestamp: JSONValue = ["type": "string", "format": "date-time"]
    private static let requestID: JSONValue = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]

    private static func count(from minimum: Int64) -> JSONValue {
        ["type": "integer", "minimum": .number(JSONNumber(minimum))]
    }
}
