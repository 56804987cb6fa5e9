/// JSON as a value that keeps the order of its keys, for writing schemas.
indirect enum JSONText: Sendable, Equatable {
    case null
    case flag(Bool)
    case whole(Int)
    case number(Double)
    /// A number's own text, kept as it was written.
    case literal(String)
    case text(String)
    case array([JSONText])
    case object([(key: String, value: JSONText)])

    static func == (left: JSONText, right: JSONText) -> Bool {
        left.rendered(indentation: nil) == right.rendered(indentation: nil)
    }

    /// One line for nil, else lines indented by two spaces a level.
    func rendered(indentation: Int?) -> String {
        var out = ""
        write(into: &out, indentation: indentation)
        return out
    }

    private func write(into out: inout String, indentation: Int?) {
        switch self {
        case .null: out += "null"
        case .flag(let value): out += value ? "true" : "false"
        case .whole(let value): out += String(value)
        case .number(let value): out += Shape.plain(value)
        case .literal(let text): out += text
        case .text(let text): Self.write(text, into: &out)
        case .array(let values):
            Self.write(values, "[", "]", into: &out, indentation) { value, out, indentation in
                value.write(into: &out, indentation: indentation)
            }
        case .object(let members):
            Self.write(members, "{", "}", into: &out, indentation) { member, out, indentation in
                Self.write(member.key, into: &out)
                out += indentation == nil ? ":" : ": "
                member.value.write(into: &out, indentation: indentation)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ open: String, _ close: String, into out: inout String, _ indentation: Int?,
        each: (Element, inout String, Int?) -> Void
    ) {
        out += open
        for (index, element) in elements.enumerated() {
            if index > 0 { out += "," }
            if let indentation { out += "\n" + String(repeating: "  ", count: indentation + 1) }
            each(element, &out, indentation.map { $0 + 1 })
        }
        if let indentation, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: indentation) }
        out += close
    }

    private static func write(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .whole(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: JSONText...) { self = .array(elements) }
}
