/// Why a value could not be written as JSON.
public struct JSONEncodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the document the value would be.
    public let path: JSONPath

    /// What is wrong, as a sentence to follow the path: "NaN has no JSON form".
    public let message: String

    /// An error of the parts given.
    public init(path: JSONPath, message: String) {
        self.path = path
        self.message = message
    }

    /// Path and message in one line: `lines[0].price: NaN has no JSON form`.
    public var description: String { path.isRoot ? message : "\(path): \(message)" }

    init(_ error: EncodingError) {
        switch error {
        case .invalidValue(_, let context):
            self.init(path: JSONPath(codingPath: context.codingPath), message: context.debugDescription)
        @unknown default:
            self.init(path: [], message: "the value cannot be encoded")
        }
    }
}
