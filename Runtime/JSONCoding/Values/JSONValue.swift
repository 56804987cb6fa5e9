/// Any JSON value (RFC 8259, section 3).
///
/// Equality is JSON's: numbers by their exact value, strings code unit by code unit, objects whatever their order.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, kept exactly.
    case number(JSONNumber)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, in the order of its text.
    case object(JSONObject)

    /// Whether both are the same JSON value.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): JSONObject.isSame(one, other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }

    /// What the value is, as a noun for messages: `null`, `a boolean`, `a number`, `a string`, `an array`,
    /// `an object`.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as JSON text without spaces.
    public var description: String { String(decoding: serialize(), as: UTF8.self) }
}
