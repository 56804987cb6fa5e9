/// Where in a JSON document a value lies: the keys and positions that lead to it from the root.
///
/// The root's path is empty. `description` renders `["lines", 0, "quantity"]` as `lines[0].quantity`.
public struct JSONPath: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// One step of a path.
    public enum Element: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// A member of an object, by its key as it stands in the JSON text.
        case key(String)
        /// An element of an array, counted from 0.
        case index(Int)

        /// A step to a member.
        public init(stringLiteral value: String) { self = .key(value) }

        /// A step to an array's element.
        public init(integerLiteral value: Int) { self = .index(value) }
    }

    /// The steps, from the root inwards.
    public var elements: [Element]

    /// A path of the steps given; without any it is the root's.
    public init(_ elements: [Element] = []) { self.elements = elements }

    /// A path of the steps given.
    public init(arrayLiteral elements: Element...) { self.elements = elements }

    /// Whether this is the path of the document itself.
    public var isRoot: Bool { elements.isEmpty }

    /// This path with one step more.
    public func appending(_ element: Element) -> JSONPath { JSONPath(elements + [element]) }

    /// The path in the form `lines[0].quantity`; empty for the root.
    ///
    /// A key that is not made of letters, digits, `_` and `-` is put in brackets and quotes (`meta["a.b"]`), with
    /// control characters replaced, and cut after 64 characters, since it comes from whoever sent the document.
    public var description: String {
        var text = ""
        for element in elements {
            switch element {
            case .index(let index):
                text += "[\(index)]"
            case .key(let key) where Self.isPlain(key):
                if !text.isEmpty { text += "." }
                text += key
            case .key(let key):
                text += "[\"\(Self.tamed(key))\"]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        guard !key.isEmpty, key.utf8.count <= 64 else { return false }
        return key.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
        }
    }

    /// A key made safe to be shown: no quotes, controls or line ends, at most 64 characters.
    static func tamed(_ key: String) -> String {
        var tame = String.UnicodeScalarView()
        for (count, scalar) in key.unicodeScalars.enumerated() {
            if count == 64 {
                tame.append("…")
                break
            }
            let isShown =
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar != "\""
                && scalar != "\\"
            tame.append(
                isShown && scalar.properties.generalCategory != .lineSeparator
                    && scalar.properties.generalCategory != .paragraphSeparator
                    && scalar.properties.generalCategory != .format ? scalar : "?")
        }
        return String(tame)
    }
}
