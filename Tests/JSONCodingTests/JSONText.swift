import JSONCoding

/// What the tests of this folder share: values to text and text to values.
func json<Value: Encodable>(_ value: Value, options: JSONEncodingOptions = .init()) throws -> String {
    String(decoding: try JSONEncoding.encode(value, options: options), as: UTF8.self)
}

func value<Value: Decodable>(
    _ type: Value.Type = Value.self, from text: String, options: JSONDecodingOptions = .init()
) throws -> Value {
    try JSONDecoding.decode(type, from: Array(text.utf8), options: options)
}

func parsed(_ text: String, limits: JSONLimits = .init()) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), limits: limits)
}

/// The error that decoding ends with, nil if it does not.
func failure<Value: Decodable>(
    _ type: Value.Type, from text: String, options: JSONDecodingOptions = .init()
) -> JSONDecodingError? {
    do {
        _ = try value(type, from: text, options: options)
        return nil
    } catch {
        return error as? JSONDecodingError
    }
}

/// Any JSON through the plain containers of Codable, so that tests reach those and not our own short cuts.
indirect enum Tree: Codable, Equatable {
    case null, bool(Bool), number(Double), string(String), array([Tree]), object([String: Tree])

    init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            var members: [String: Tree] = [:]
            for key in keyed.allKeys { members[key.stringValue] = try keyed.decode(Tree.self, forKey: key) }
            self = .object(members)
        } else if var unkeyed = try? decoder.unkeyedContainer() {
            var elements: [Tree] = []
            while !unkeyed.isAtEnd { elements.append(try unkeyed.decode(Tree.self)) }
            self = .array(elements)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? single.decode(Double.self) {
                self = .number(value)
            } else {
                self = .string(try single.decode(String.self))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for (key, member) in members { try container.encode(member, forKey: AnyKey(stringValue: key)) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        }
    }
}

struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
