import FoundationEssentials

extension FoundationForm {
    /// Writes a value, which must be of the form's type.
    func encode<Value>(_ value: Value, to state: EncodingState) throws {
        // Safe: the caller found the form by the value's type.
        switch self {
        case .date: try Self.write(unsafeBitCast(value, to: Date.self), to: state)
        case .uuid: Self.write(unsafeBitCast(value, to: UUID.self), to: state)
        case .data: state.writer.string(unsafeBitCast(value, to: Data.self).base64EncodedString())
        case .decimal: try Self.write(unsafeBitCast(value, to: Decimal.self), to: state)
        case .url: state.writer.string(unsafeBitCast(value, to: URL.self).absoluteString)
        }
    }

    private static func write(_ value: Date, to state: EncodingState) throws {
        let milliseconds = (value.timeIntervalSince1970 * 1000).rounded()
        guard milliseconds >= Double(Timestamp.earliest), milliseconds <= Double(Timestamp.latest) else {
            throw state.failure(value, "the date is outside the years 0 to 9999")
        }
        state.writer.timestamp(unixMilliseconds: Int64(milliseconds))
    }

    private static func write(_ value: UUID, to state: EncodingState) {
        var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        withUnsafeBytes(of: value.uuid) { bytes in
            var position = 0
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { position += 1 }
                text[position] = digit(byte >> 4)
                text[position + 1] = digit(byte & 0x0F)
                position += 2
            }
        }
        text.span.withUnsafeBufferPointer { state.writer.quoted($0, endsKey: false) }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func write(_ value: Decimal, to state: EncodingState) throws {
        guard !value.isNaN, let number = JSONNumber(text: value.description) else {
            throw state.failure(value, "NaN has no JSON form")
        }
        state.writer.number(number)
    }
}
