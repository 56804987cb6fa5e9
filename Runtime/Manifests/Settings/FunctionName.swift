/// A function's name: the manifest's key, and by default its executable and metric label.
///
/// In a manifest: a letter, then letters, digits, `_` and `-`, 64 characters at most.
public struct FunctionName: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The name's text.
    public let rawValue: String

    /// Wraps a name without checking it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Wraps a literal name without checking it.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    /// Orders names as text.
    public static func < (left: FunctionName, right: FunctionName) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The name's text.
    public var description: String { rawValue }
}
