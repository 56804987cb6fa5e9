import JSONCoding

/// Looks for every fault of an input, after one was found.
///
/// The type's own `init(from:)` runs once more, over containers that write each fault down and hand out a placeholder
/// in its place, so that it goes on to the next field. A placeholder is a value that a client could have sent as well:
/// 0, false, "", an empty array, an object of such values, the first case of a `CaseIterable` enum. Where a type takes
/// none of these, the search ends there with what it has.
///
/// It goes into the body's objects and arrays where that has 64 KiB at most, and ends after 100 faults.
final class FaultSearch {
    /// Ends the search.
    struct Stop: Error {}

    /// How many faults are reported at most.
    static let limit = 100
    /// Up to how many bytes a body is searched in depth.
    static let deepest = 64 * 1024

    let input: InputDecoder
    /// The body, where it is searched in depth.
    let body: JSONValue?
    private(set) var details: [APIError.Detail] = []

    init(_ input: InputDecoder) {
        self.input = input
        if case .json = input.body, input.invocation.body.count <= FaultSearch.deepest {
            body = try? JSONDecoding.decode(JSONValue.self, from: input.invocation.body)
        } else {
            body = nil
        }
    }

    /// The error that names all faults of an input, of which `first` is one.
    static func error<Input: Decodable>(
        _ type: Input.Type, _ decoder: InputDecoder, first: DecodingError
    ) -> any Error {
        let search = FaultSearch(decoder)
        do {
            _ = try Input(from: FaultDecoder(search: search, source: .input, path: []))
        } catch let error as APIError {
            return error
        } catch let error as DecodingError where search.details.isEmpty {
            // Thrown by the type itself, not by a container of ours.
            try? search.record(error, below: [])
        } catch {
            // `Stop`, or what came of a placeholder: the faults found so far are the answer.
        }
        if search.details.isEmpty { try? search.record(first, below: []) }
        return APIError(.validationError, details: search.details)
    }

    /// Writes a fault down. `path` leads to the container that reported it, for an error whose own path begins there.
    func record(_ error: DecodingError, below path: [JSONPath.Element]) throws {
        let (inner, sentence) = FaultSearch.describe(error)
        try record(sentence, at: path + inner)
    }

    /// Writes a fault down. Throws `Stop` when there are too many.
    func record(_ sentence: String, at path: [JSONPath.Element]) throws {
        guard details.count < FaultSearch.limit else { throw Stop() }
        var location = InputDecoder.Place.body
        if case .key(let field)? = path.first { location = input.place(of: field) }
        let field = path.isEmpty ? "body" : JSONPath(path).description
        details.append(APIError.Detail(field: field, in: location.rawValue, message: sentence))
    }

    /// Takes back what was written down after the first `count` faults.
    func forget(after count: Int) { details.removeLast(details.count - count) }

    /// Where an error of a decoder is, from its container's root, and what is wrong, in words for the client.
    static func describe(_ error: DecodingError) -> (path: [JSONPath.Element], sentence: String) {
        switch error {
        case .keyNotFound(let key, let context): return (steps(context.codingPath + [key]), "is required")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return (steps(context.codingPath), context.debugDescription)
        case .dataCorrupted(let context):
            // The standard library's text for an enum's raw value names the Swift type.
            let isForeign = context.debugDescription.hasPrefix("Cannot initialize ")
            return (
                steps(context.codingPath),
                isForeign ? "is not one of the allowed values" : context.debugDescription
            )
        @unknown default: return ([], "is not allowed")
        }
    }

    private static func steps(_ path: [any CodingKey]) -> [JSONPath.Element] {
        path.map { key in
            guard let index = key.intValue, key is FieldKey || isPosition(key.stringValue, index) else {
                return .key(key.stringValue)
            }
            return .index(index)
        }
    }

    private static func isPosition(_ text: String, _ index: Int) -> Bool {
        text == "Index \(index)" || text == String(index)
    }
}
