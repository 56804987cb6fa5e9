import JSONCoding

/// JSON in lines, for people: two spaces a level, lists and objects without members on one line.
enum IndentedJSON {
    /// The value's text with a line end behind it.
    static func text(_ value: JSONValue) -> String {
        var out: [UInt8] = []
        write(value, depth: 0, into: &out)
        out.append(UInt8(ascii: "\n"))
        return String(decoding: out, as: UTF8.self)
    }

    // The depth is that of a document which was parsed within limits or made here.
    private static func write(_ value: JSONValue, depth: Int, into out: inout [UInt8]) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                startLine(depth + 1, isFirst: index == 0, into: &out)
                write(element, depth: depth + 1, into: &out)
            }
            startLine(depth, isFirst: true, into: &out)
            out.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            out.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                startLine(depth + 1, isFirst: index == 0, into: &out)
                out += JSONValue.string(member.key).serialize()
                out += ": ".utf8
                write(member.value, depth: depth + 1, into: &out)
            }
            startLine(depth, isFirst: true, into: &out)
            out.append(UInt8(ascii: "}"))
        default: out += value.serialize()
        }
    }

    private static func startLine(_ depth: Int, isFirst: Bool, into out: inout [UInt8]) {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
}
