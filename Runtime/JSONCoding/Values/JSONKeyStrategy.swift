/// How a Swift property's name becomes a JSON object's key.
///
/// The keys of a `[String: …]` dictionary are data and are never changed.
public enum JSONKeyStrategy: Sendable, Hashable {
    /// The name as it is written in Swift; the default.
    case asWritten

    /// `createdAt` becomes `created_at`, `userID` becomes `user_id`, `URLPath` becomes `url_path`.
    ///
    /// When decoding, the property's name is changed and then looked up, so `userID` finds `user_id`.
    case snakeCase

    /// The name in snake case. Only ASCII letters are changed; existing underscores stay.
    static func snakeCased(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 4)
        for (position, byte) in bytes.enumerated() {
            guard isUpper(byte) else {
                out.append(byte)
                continue
            }
            if position > 0, bytes[position - 1] != underscore {
                let followsWord = !isUpper(bytes[position - 1])
                let startsWord = position + 1 < bytes.count && isLower(bytes[position + 1])
                if followsWord || startsWord { out.append(underscore) }
            }
            out.append(byte | 0x20)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The name in camel case: the inverse of `snakeCased` for names without runs of capitals.
    static func camelCased(_ name: String) -> String {
        var out: [UInt8] = []
        var raisesNext = false
        for byte in name.utf8 {
            if byte == underscore, !out.allSatisfy({ $0 == underscore }) {
                raisesNext = true
            } else {
                out.append(raisesNext && isLower(byte) ? byte & 0xDF : byte)
                raisesNext = false
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let underscore = UInt8(ascii: "_")

    private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
}

/// A dictionary whose keys are data, so that a key strategy must leave them alone.
protocol VerbatimKeyed {}

extension Dictionary: VerbatimKeyed where Key == String {}
