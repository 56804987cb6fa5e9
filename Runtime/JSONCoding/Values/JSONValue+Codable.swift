extension JSONValue: Codable {
    /// Decodes any value through any coder.
    ///
    /// Through this module's coder nothing is lost. Through another one, numbers are as exact as its `Int64`,
    /// `UInt64` and `Double` are, and members come in the order of its `allKeys`.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? ValueDecoder {
            self = own.tape.value(at: own.index)
            return
        }
        if let keyed = try? decoder.container(keyedBy: PathKey.self) {
            var object = JSONObject()
            for key in keyed.allKeys {
                object[key.stringValue] = try keyed.decode(JSONValue.self, forKey: key)
            }
            self = .object(object)
        } else if var unkeyed = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !unkeyed.isAtEnd { elements.append(try unkeyed.decode(JSONValue.self)) }
            self = .array(elements)
        } else {
            self = try Self.scalar(from: decoder.singleValueContainer())
        }
    }

    private static func scalar(from container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(JSONNumber.self) { return .number(value) }
        return .string(try container.decode(String.self))
    }

    /// Encodes the value through any coder.
    ///
    /// - Throws: `EncodingError` if another coder than this module's is to write a number beyond a double's range.
    public func encode(to encoder: any Encoder) throws {
        if let own = encoder as? ValueEncoder { return try own.write(self) }
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        case .array(let elements): try elements.encode(to: encoder)
        case .object(let object):
            var container = encoder.container(keyedBy: PathKey.self)
            for member in object.members {
                try container.encode(member.value, forKey: PathKey(stringValue: member.key))
            }
        }
    }
}

extension JSONNumber: Codable {
    /// Decodes a number, exactly through this module's coder, as `Int64`, `UInt64` or `Double` through another one.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? ValueDecoder {
            self = try own.tape.number(at: own.index)
            return
        }
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int64.self) {
            self.init(value)
        } else if let value = try? container.decode(UInt64.self) {
            self.init(value)
        } else if let value = JSONNumber(try container.decode(Double.self)) {
            self = value
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a finite number")
        }
    }

    /// Encodes the number, exactly through this module's coder.
    ///
    /// - Throws: `EncodingError` if another coder is to write a number beyond a double's range.
    public func encode(to encoder: any Encoder) throws {
        if let own = encoder as? ValueEncoder { return try own.write(.number(self)) }
        var container = encoder.singleValueContainer()
        if let value = exactly(Int64.self) {
            try container.encode(value)
        } else if let value = exactly(UInt64.self) {
            try container.encode(value)
        } else if let value = double {
            try container.encode(value)
        } else {
            throw EncodingError.invalidValue(
                self,
                .init(
                    codingPath: encoder.codingPath, debugDescription: "the number is beyond a double's range")
            )
        }
    }
}
