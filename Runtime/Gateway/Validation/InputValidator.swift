// Validation holds a request against its function's JSON Schemas (draft 2020-12): the path's parameters, the query and
// the body.
//
// It knows: schemas, how text becomes values by them, JSON bodies and their media types. It must not know: where a
// request came from, what a handler makes of it. Schemas are compiled when a manifest is loaded (Compiling), into
// tables that never change (Schemas), with their regular expressions as automata (Patterns); a request is a walk over
// the tables and the document (Checking).

import JSONCoding
import Manifests
import WireProtocol

/// The checks of one function's input.
public final class InputValidator: Sendable {
    private let path: ParameterSchema?
    private let query: ParameterSchema?
    private let body: CompiledSchema?
    private let limits: JSONLimits
    /// What the body's schema names and the query's does not: a handler that reads its input from both would take the
    /// query's, which nothing has checked.
    private let bodyOnly: Set<String>

    /// Compiles a function's schemas.
    ///
    /// - Parameters:
    ///   - input: the schemas.
    ///   - bodyLimit: the longest body in bytes; longer ones are refused unread.
    /// - Throws: every problem of a schema; a manifest without errors from `problems(in:)` has none.
    init(_ input: InputSchemas, bodyLimit: Int = 64 << 20) throws(SchemaProblems) {
        path = try InputValidator.parameters(input.path, "path")
        query = try InputValidator.parameters(input.query, "query")
        if let document = input.body { body = try CompiledSchema(json: document.json) } else { body = nil }
        let named = body.map { ParameterCollector($0).found.map(\.name) } ?? []
        bodyOnly = Set(named).subtracting(query?.names.names ?? [])
        limits = JSONLimits(maxBytes: bodyLimit)
    }

    private static func parameters(
        _ document: SchemaDocument?, _ place: String
    ) throws(SchemaProblems) -> ParameterSchema? {
        guard let document else { return nil }
        return ParameterSchema(try CompiledSchema(json: document.json), place: place)
    }

    /// Whether nothing is checked at all.
    var isEmpty: Bool { path == nil && query == nil && body == nil }

    /// Whether `validate(path:query:)` has anything to do.
    var checksParameters: Bool { path != nil || query != nil || !bodyOnly.isEmpty }

    /// Whether `validate(body:headers:)` has anything to do.
    var checksBody: Bool { body != nil }

    /// Checks the path's parameters and the query, of which the page's own are taken out already.
    ///
    /// Each is taken for what its schema has: an integer or a number where it is written as JSON writes them (`+5`,
    /// `05` and, for an integer, `1e3` are faults), a boolean for `true`, `false`, `1` and `0`, null for an empty value
    /// or `null` where no string is allowed, an array for a name that is repeated or given once, else a string. One
    /// that the schema does not name stays as it is, unless the schema refuses it.
    ///
    /// - Parameters:
    ///   - path: the route's parameters; afterwards as the handler is given them.
    ///   - query: the query's parameters; afterwards as the handler is given them, with `true` and `false` for booleans and
    ///     without those that are null.
    /// - Returns: every fault, 64 at most, among them what belongs in the body; empty: valid.
    func validate(
        path: inout [Invocation.Parameter], query: inout [Invocation.Parameter]
    ) -> [APIError.Detail] {
        var details: [APIError.Detail] = []
        self.path?.check(&path, &details)
        self.query?.check(&query, &details)
        for parameter in query where bodyOnly.contains(parameter.name) && details.count < SchemaRun.limit {
            let field = JSONPath([.key(parameter.name)]).description
            guard !details.contains(where: { $0.location == "query" && $0.field == field }) else { continue }
            details.append(APIError.Detail(field: field, in: "query", message: "belongs in the body"))
        }
        return details
    }

    /// Checks the body's media type, before the body has come.
    ///
    /// - Throws: where a schema wants a body, 415 for another type than JSON or another charset than UTF-8, and 400 for
    ///   more than one type, of which another reader may take another (RFC 9110, sections 5.3 and 8.3).
    func validate(headers: HeaderList) throws(APIError) {
        guard body != nil else { return }
        var verdict = JSONMediaType.Verdict.otherType
        var lines = 0
        headers.forEach { name, value in
            guard name.isText("content-type") else { return }
            verdict = JSONMediaType.verdict(value)
            lines += 1
        }
        guard lines < 2 else { throw .badRequest("Send one Content-Type") }
        switch verdict {
        case .json: return
        case .otherType: throw APIError(.unsupportedMediaType)
        case .otherCharset:
            throw APIError(
                .unsupportedMediaType, "Send the body in UTF-8, with Content-Type: application/json")
        }
    }

    /// Checks the body.
    ///
    /// - Returns: every fault, 64 at most; empty: valid. A body that is not there is one fault.
    /// - Throws: 415 or 400 by its media type, 400 for what is not JSON or is nested deeper than 128, 413 beyond the
    ///   limit.
    func validate(body bytes: [UInt8], headers: HeaderList) throws(APIError) -> [APIError.Detail] {
        guard let body else { return [] }
        if bytes.isEmpty { return [APIError.Detail(field: "body", in: "body", message: "is required")] }
        try validate(headers: headers)
        let result: Result<[APIError.Detail], JSONDecodingError> = bytes.withUnsafeBytes { bytes in
            do throws(JSONDecodingError) {
                let document = try JSONDocument.read(bytes, limits: limits)
                return .success(SchemaRun.details(of: document, by: body, in: "body"))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let details): return details
        case .failure(let error): throw InputValidator.malformed(error)
        }
    }

    /// What a client is told whose body is no JSON document within the limits.
    private static func malformed(_ error: JSONDecodingError) -> APIError {
        let position = error.offset.map { " (at byte \($0))" } ?? ""
        switch error.kind {
        case .tooLong: return APIError(.payloadTooLarge)
        case .tooDeep: return .badRequest("The body cannot be read: \(error.message)\(position)")
        case .doubledKey:
            return .badRequest("The body is not valid JSON: \(error.path) \(error.message)\(position)")
        default: return .badRequest("The body is not valid JSON: \(error.message)\(position)")
        }
    }
}
