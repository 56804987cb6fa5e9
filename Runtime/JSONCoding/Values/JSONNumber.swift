/// A number as JSON has it: decimal text of any length, kept as it was written.
///
/// Whole numbers in the range of `Int64` are kept as such, everything else as text, so nothing is lost between
/// reading and writing. Equality, order and hashing go by the exact value: `1`, `1.0` and `10e-1` are equal.
public struct JSONNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    enum Storage: Sendable {
        case integer(Int64)
        /// Text by RFC 8259's grammar that is not the plain text of an `Int64`.
        case text(String)
    }

    let storage: Storage

    init(_ storage: Storage) { self.storage = storage }

    /// A whole number.
    public init<Integer: FixedWidthInteger>(_ value: Integer) {
        storage = Int64(exactly: value).map { .integer($0) } ?? .text(String(value))
    }

    /// A floating-point number by its shortest text; nil for NaN and the infinities.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        var writer = JSONWriter(reservingCapacity: 32)
        writer.double(value)
        self.init(text: String(decoding: writer.bytes, as: UTF8.self))
    }

    /// A number from its JSON text; nil if that does not fit RFC 8259, section 6.
    public init?(text: String) {
        var text = text
        let isWhole: Bool? = text.withUTF8 { bytes in
            guard let shape = NumberText.shape(of: bytes), shape.length == bytes.count else { return nil }
            return shape.isWhole
        }
        guard let isWhole else { return nil }
        if isWhole, text != "-0", let value = Int64(text) {
            storage = .integer(value)
        } else {
            storage = .text(text)
        }
    }

    /// The number as it was written.
    public var text: String {
        switch storage {
        case .integer(let value): String(value)
        case .text(let text): text
        }
    }

    /// The same as `text`.
    public var description: String { text }

    /// The value as an `Int64`, if it is whole and in range, however it was written.
    public var int64: Int64? { exactly(Int64.self) }

    /// The value as an `Int`, if it is whole and in range, however it was written.
    public var int: Int? { exactly(Int.self) }

    /// The nearest `Double`; nil if the number is beyond the range of one, as `1e400` is.
    public var double: Double? {
        switch storage {
        case .integer(let value):
            return Double(value)
        case .text(var text):
            let value = text.withUTF8 { NumberText.double($0) }
            return value.isFinite ? value : nil
        }
    }

    /// Whether the value has no fraction, however it was written: `1.0` and `1e400` are whole.
    public var isWhole: Bool {
        if case .integer = storage { return true }
        return exact.isWhole
    }

    /// The value as a whole number of the type given, if it is one that the type can hold, however it was written.
    public func exactly<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        if case .integer(let value) = storage { return Integer(exactly: value) }
        return exact.exactly(type)
    }

    /// Whether this number divided by `divisor` is whole, computed exactly where `divisor` has at most 18
    /// significant digits and with `Double` elsewhere. False if `divisor` is zero.
    public func isMultiple(of divisor: JSONNumber) -> Bool {
        if case .integer(let value) = storage, case .integer(let by) = divisor.storage {
            return by != 0 && value.magnitude.isMultiple(of: by.magnitude)
        }
        if let answer = exact.isMultiple(of: divisor.exact) { return answer }
        guard let value = double, let by = divisor.double, by != 0 else { return false }
        return value.truncatingRemainder(dividingBy: by) == 0
    }

    var exact: ExactDecimal {
        var text = text
        return text.withUTF8 { ExactDecimal($0) }
    }

    /// Whether both have the same value, however they were written.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .integer(let one) = left.storage, case .integer(let other) = right.storage {
            return one == other
        }
        return left.exact == right.exact
    }

    /// Whether the left number is smaller, compared exactly.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .integer(let one) = left.storage, case .integer(let other) = right.storage {
            return one < other
        }
        return left.exact.isLess(than: right.exact)
    }

    /// Feeds the value, not its text, so that equal numbers hash alike.
    public func hash(into hasher: inout Hasher) {
        if let whole = int64 { hasher.combine(whole) } else { hasher.combine(exact) }
    }
}
