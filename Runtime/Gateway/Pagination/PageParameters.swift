import Manifests
import WireProtocol

/// Reads which page a query asks for (contract 3.3).
struct PageParameters {
    /// The largest product of page and limit: what a JSON number holds exactly.
    static let furthest = 1 << 53

    let settings: Manifests.PageSettings
    let cursors: CursorSigner
    let function: String

    /// Whether a parameter of that name belongs to the page and not to the handler.
    static func owns(_ name: String, _ style: Manifests.PageSettings.Style) -> Bool {
        name == "limit" || name == (style == .page ? "page" : "cursor")
    }

    /// The page asked for; its parameters are taken out of the query. `VALIDATION_ERROR` with every fault, or
    /// `BAD_REQUEST` for a cursor that is not ours.
    func window(from query: inout [Invocation.Parameter]) throws(APIError) -> PageWindow {
        var faults: [APIError.Detail] = []
        var given: [String: String] = [:]
        for parameter in query where Self.owns(parameter.name, settings.style) {
            if given.updateValue(parameter.value, forKey: parameter.name) != nil {
                faults.append(Self.fault(parameter.name, "\(parameter.name) may be given only once"))
            }
        }
        if !given.isEmpty { query.removeAll { Self.owns($0.name, settings.style) } }
        let limit = min(Self.number("limit", given, settings.default, &faults), settings.max)
        switch settings.style {
        case .page:
            let page = Self.number("page", given, 1, &faults)
            if faults.isEmpty,
                page.multipliedReportingOverflow(by: limit).overflow || page * limit > Self.furthest
            {
                faults.append(Self.fault("page", "page is beyond the last one that there can be"))
            }
            guard faults.isEmpty else { throw APIError(.validationError, details: faults) }
            return .page(number: page, limit: limit)
        case .cursor:
            guard faults.isEmpty else { throw APIError(.validationError, details: faults) }
            guard let cursor = given["cursor"] else { return .cursor(after: nil, limit: limit) }
            guard let position = cursors.position(cursor, function: function) else {
                throw .badRequest("The cursor is not valid")
            }
            return .cursor(after: position, limit: limit)
        }
    }

    /// A positive integer, the largest there is for larger ones; 1 beside a new fault for anything else.
    private static func number(
        _ name: String, _ given: [String: String], _ standard: Int, _ faults: inout [APIError.Detail]
    ) -> Int {
        guard let text = given[name] else { return standard }
        var value = 0
        var isNumber = !text.isEmpty
        for byte in text.utf8 {
            guard (48...57).contains(byte) else {
                isNumber = false
                break
            }
            let (tens, isFar) = value.multipliedReportingOverflow(by: 10)
            let (sum, isFarther) = tens.addingReportingOverflow(Int(byte - 48))
            value = isFar || isFarther ? .max : sum
        }
        if isNumber, value > 0 { return value }
        faults.append(fault(name, "\(name) must be a positive integer"))
        return 1
    }

    private static func fault(_ name: String, _ message: String) -> APIError.Detail {
        APIError.Detail(field: name, in: "query", message: message)
    }
}
