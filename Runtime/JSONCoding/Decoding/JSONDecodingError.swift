/// Why a document could not be decoded, in words for whoever sent it.
///
/// Nothing in it names a Swift type.
public struct JSONDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What sort of fault it is.
    public enum Kind: Sendable, Hashable {
        /// The text is no JSON document (RFC 8259): also a byte-order mark, what is not UTF-8, half of a surrogate
        /// pair, bytes behind the document.
        case syntax
        /// An object has a key twice.
        case doubledKey
        /// The document is nested too deep.
        case tooDeep
        /// The document is too long.
        case tooLong
        /// A member that is required is not there.
        case missing
        /// A value is of another type than is needed; `null` too.
        case wrongType
        /// A value is of the right type and still not allowed: out of range, no timestamp, no member of an enum.
        case invalidValue
    }

    /// What sort of fault it is.
    public let kind: Kind

    /// Where the fault is; the root for a fault of the document as a whole. For a fault of syntax it is the
    /// innermost array or object around it.
    public let path: JSONPath

    /// What is wrong, as a sentence to follow the path: "expected a whole number, found a string", "is required".
    public let message: String

    /// Where the text stops being JSON, in bytes from its start; nil for other kinds of faults, and for a doubled
    /// key that was written with escapes.
    public let offset: Int?

    /// An error of the parts given.
    public init(kind: Kind, path: JSONPath, message: String, offset: Int? = nil) {
        self.kind = kind
        self.path = path
        self.message = message
        self.offset = offset
    }

    /// Path, message and offset in one line: `lines[0].quantity: expected a whole number, found a string`.
    public var description: String {
        let place = path.isRoot ? "" : "\(path): "
        let position = offset.map { " (at byte \($0))" } ?? ""
        return place + message + position
    }
}

extension JSONDecodingError {
    init(_ fault: SyntaxFault, found: UInt8?, path: JSONPath) {
        let kind: Kind =
            switch fault.reason {
            case .doubledKey: .doubledKey
            case .tooDeep: .tooDeep
            case .tooLong: .tooLong
            default: .syntax
            }
        self.init(kind: kind, path: path, message: fault.sentence(found: found), offset: fault.offset)
    }

    /// What an `init(from:)` threw, the standard library's, a caller's or ours.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            let path = JSONPath(codingPath: context.codingPath + [key])
            self.init(kind: .missing, path: path, message: "is required")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self.init(
                kind: .wrongType, path: JSONPath(codingPath: context.codingPath),
                message: context.debugDescription)
        case .dataCorrupted(let context):
            // The standard library's text for an enum's raw value names the Swift type.
            let message =
                context.debugDescription.hasPrefix("Cannot initialize ")
                ? "is not one of the allowed values" : context.debugDescription
            self.init(kind: .invalidValue, path: JSONPath(codingPath: context.codingPath), message: message)
        @unknown default:
            self.init(kind: .invalidValue, path: [], message: "is not allowed")
        }
    }
}
