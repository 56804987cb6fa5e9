import JSONCoding
import Logging

/// Builds one log line in either style: time, level and message first, then fields in the order they are added.
///
/// Whatever a field holds, the line stays one line: JSON escapes control characters, text style writes them as
/// escapes too.
public struct LogLine {
    private var writer: JSONWriter
    private var text: [UInt8]
    private let style: LogStyle

    /// A line of this level and message, at the present time.
    public init(_ style: LogStyle, level: Logger.Level, message: String, at time: Int64 = LogTime.now()) {
        self.style = style
        text = []
        writer = JSONWriter(reservingCapacity: style == .json ? 320 : 0)
        switch style {
        case .json:
            writer.beginObject()
            writer.key("time")
            writer.timestamp(unixMilliseconds: time)
            writer.key("level")
            writer.string(level.rawValue)
            writer.key("message")
            writer.string(message)
        case .text:
            text.reserveCapacity(160)
            if level >= .warning { append("\(level.rawValue): ") }
            append(message)
        }
    }

    /// Adds a text field.
    public mutating func add(_ name: StaticString, _ value: String) {
        switch style {
        case .json:
            writer.key(name)
            writer.string(value)
        case .text: append(" \(name)=\(value)")
        }
    }

    /// Adds a text field whose name is not known beforehand.
    public mutating func add(dynamic name: String, _ value: String) {
        switch style {
        case .json:
            writer.key(name)
            writer.string(value)
        case .text: append(" \(name)=\(value)")
        }
    }

    /// Adds a whole number.
    public mutating func add(_ name: StaticString, _ value: Int) {
        switch style {
        case .json:
            writer.key(name)
            writer.integer(value)
        case .text: append(" \(name)=\(value)")
        }
    }

    /// Adds a number.
    public mutating func add(_ name: StaticString, _ value: Double) {
        switch style {
        case .json:
            writer.key(name)
            writer.double(value)
        case .text: append(" \(name)=\(value)")
        }
    }

    /// Adds true or false.
    public mutating func add(_ name: StaticString, _ value: Bool) {
        switch style {
        case .json:
            writer.key(name)
            writer.bool(value)
        case .text: append(" \(name)=\(value)")
        }
    }

    /// The line with its newline.
    public consuming func finish() -> [UInt8] {
        switch style {
        case .json:
            writer.endObject()
            writer.endLine()
            return writer.bytes
        case .text:
            text.append(10)
            return text
        }
    }

    private mutating func append(_ string: String) {
        for byte in string.utf8 {
            switch byte {
            case 10: text.append(contentsOf: [92, 110])
            case 13: text.append(contentsOf: [92, 114])
            case 0..<32, 127:
                let digits = Array("0123456789abcdef".utf8)
                text.append(contentsOf: [92, 120, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: text.append(byte)
            }
        }
    }
}
