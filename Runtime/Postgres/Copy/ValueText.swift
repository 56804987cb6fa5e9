/// Values in the text form of their types, made from the binary form in which they are bound.
enum ValueText {
    /// Adds a value's text. False for a type whose binary form is not known, and for bytes that are not of that form.
    static func append(_ bytes: ArraySlice<UInt8>, of type: UInt32, to text: inout [UInt8]) -> Bool {
        switch type {
        case 16:
            guard let byte = bytes.first, bytes.count == 1 else { return false }
            text.append(UInt8(ascii: byte == 0 ? "f" : "t"))
        case 17: appendHexadecimal(bytes, to: &text)
        case 18, 19, 25, 114, 1042, 1043: text.append(contentsOf: bytes)
        case 20: return appendInteger(bytes, as: Int64.self, to: &text)
        case 21: return appendInteger(bytes, as: Int16.self, to: &text)
        case 23: return appendInteger(bytes, as: Int32.self, to: &text)
        case 700:
            guard let bits = integer(bytes, as: UInt32.self) else { return false }
            text.append(contentsOf: "\(Float(bitPattern: bits))".utf8)
        case 701:
            guard let bits = integer(bytes, as: UInt64.self) else { return false }
            text.append(contentsOf: "\(Double(bitPattern: bits))".utf8)
        case 1184:
            guard let microseconds = integer(bytes, as: Int64.self) else { return false }
            appendTimestamp(Int(microseconds), to: &text)
        case 2950:
            guard bytes.count == 16 else { return false }
            for (index, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
                appendHexadecimal(byte, to: &text)
            }
        default:
            guard let element = PostgresType.element(ofArray: type), element != 0 else { return false }
            return appendArray(bytes, of: element, to: &text)
        }
        return true
    }

    private static func integer<Number: FixedWidthInteger>(
        _ bytes: ArraySlice<UInt8>, as: Number.Type
    ) -> Number? {
        guard bytes.count == Number.bitWidth / 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    private static func appendInteger<Number: FixedWidthInteger>(
        _ bytes: ArraySlice<UInt8>, as type: Number.Type, to text: inout [UInt8]
    ) -> Bool {
        guard let value = integer(bytes, as: type) else { return false }
        DecimalText.append(value, to: &text)
        return true
    }

    private static func appendHexadecimal(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        text.reserveCapacity(text.count + bytes.count * 2 + 2)
        text.append(UInt8(ascii: "\\"))
        text.append(UInt8(ascii: "x"))
        for byte in bytes { appendHexadecimal(byte, to: &text) }
    }

    private static func appendHexadecimal(_ byte: UInt8, to text: inout [UInt8]) {
        for digit in [byte >> 4, byte & 15] {
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// From microseconds since 2000: `2026-11-21 04:58:13.123456+00`, ` BC` behind years before the first.
    private static func appendTimestamp(_ microseconds: Int, to text: inout [UInt8]) {
        // Rounded down, also before 2000.
        var days = microseconds / 86_400_000_000
        var rest = microseconds % 86_400_000_000
        if rest < 0 {
            rest += 86_400_000_000
            days -= 1
        }
        let date = Calendar.date(ofDay: days + 10_957)
        appendPadded(date.year > 0 ? date.year : 1 - date.year, 4, to: &text)
        text.append(UInt8(ascii: "-"))
        appendPadded(date.month, 2, to: &text)
        text.append(UInt8(ascii: "-"))
        appendPadded(date.day, 2, to: &text)
        text.append(UInt8(ascii: " "))
        appendPadded(rest / 3_600_000_000, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendPadded(rest / 60_000_000 % 60, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendPadded(rest / 1_000_000 % 60, 2, to: &text)
        text.append(UInt8(ascii: "."))
        appendPadded(rest % 1_000_000, 6, to: &text)
        text.append(contentsOf: "+00".utf8)
        if date.year <= 0 { text.append(contentsOf: " BC".utf8) }
    }

    private static func appendPadded(_ value: Int, _ width: Int, to text: inout [UInt8]) {
        var limit = 10
        for _ in 1..<width {
            if value < limit { text.append(UInt8(ascii: "0")) }
            limit *= 10
        }
        DecimalText.append(value, to: &text)
    }

    private static func appendArray(
        _ bytes: ArraySlice<UInt8>, of element: UInt32, to text: inout [UInt8]
    ) -> Bool {
        var rest = bytes
        func number() -> Int? {
            guard let value = integer(rest.prefix(4), as: Int32.self) else { return nil }
            rest = rest.dropFirst(4)
            return Int(value)
        }
        guard let dimensions = number(), number() != nil, number() != nil else { return false }
        text.append(UInt8(ascii: "{"))
        if dimensions > 0 {
            guard dimensions == 1, let count = number(), number() != nil else { return false }
            var value: [UInt8] = []
            for index in 0..<count {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                guard let length = number() else { return false }
                if length < 0 {
                    text.append(contentsOf: "NULL".utf8)
                    continue
                }
                value.removeAll(keepingCapacity: true)
                guard rest.count >= length, append(rest.prefix(length), of: element, to: &value) else {
                    return false
                }
                rest = rest.dropFirst(length)
                ArrayText.appendQuoted(value, to: &text)
            }
        }
        text.append(UInt8(ascii: "}"))
        return true
    }
}
