/// The fields of a message in their order, names in lower case (RFC 9110, section 5).
///
/// All fields live in one array of bytes, `length of name (2) | length of value (2) | name | value` each, little
/// endian: a list costs one allocation however many fields it has, and crosses the process boundary by one copy.
/// A name or value holds 65,535 bytes at most; `append` returns false for more and adds nothing.
public struct HeaderList: Sendable, Equatable {
    /// The packed fields; the form in which they travel between processes.
    public private(set) var packed: [UInt8]
    /// How many fields there are, repeated names counted each.
    public private(set) var count: Int

    /// An empty list.
    public init() {
        packed = []
        count = 0
    }

    /// A list from its packed form; nil when a length runs over the end, a name is empty, or a name has a
    /// capital letter.
    public init?(packed bytes: UnsafeRawBufferPointer) {
        var offset = 0
        var count = 0
        while offset < bytes.count {
            guard bytes.count - offset >= 4 else { return nil }
            let name = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
            let value = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
            guard name > 0, bytes.count - offset - 4 >= name + value else { return nil }
            for index in (offset + 4)..<(offset + 4 + name) where (65...90).contains(bytes[index]) {
                return nil
            }
            offset += 4 + name + value
            count += 1
        }
        self.packed = [UInt8](bytes)
        self.count = count
    }

    /// A list of `count` fields from a packed form that the caller built itself, well formed and in lower case;
    /// nothing is copied or checked.
    package init(trusted packed: [UInt8], count: Int) {
        self.packed = packed
        self.count = count
    }

    /// Makes room for `bytes` packed bytes.
    public mutating func reserve(_ bytes: Int) { packed.reserveCapacity(bytes) }

    /// Adds a field; the name is lowered here. False, and nothing is added, past 65,535 bytes or for an empty name.
    @discardableResult
    public mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
        guard name.count > 0, name.count <= 0xFFFF, value.count <= 0xFFFF else { return false }
        let lengths = UInt32(truncatingIfNeeded: name.count) | UInt32(truncatingIfNeeded: value.count) << 16
        withUnsafeBytes(of: lengths.littleEndian) { packed.append(contentsOf: $0) }
        let start = packed.count
        packed.append(contentsOf: name)
        for place in start..<packed.count where packed[place] &- 65 < 26 { packed[place] |= 0x20 }
        packed.append(contentsOf: value)
        count += 1
        return true
    }

    /// Adds a field; the name is lowered here. False, and nothing is added, past 65,535 bytes or for an empty name.
    @discardableResult
    public mutating func append(_ name: String, _ value: String) -> Bool {
        var name = name
        var value = value
        return name.withUTF8 { name in
            value.withUTF8 { value in
                append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer(value))
            }
        }
    }

    /// Takes out every field of that name and adds this one at the end.
    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Takes out every field of that name, in any letter case.
    public mutating func remove(_ name: String) {
        let wanted = Array(name.lowercased().utf8)
        guard contains(wanted) else { return }
        var rest = HeaderList()
        forEach { name, value in
            if !name.elementsEqual(wanted) { rest.append(name: name, value: value) }
        }
        self = rest
    }

    /// Calls `body` with the bytes of each field's name and value, in order.
    @inlinable
    public func forEach(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
        packed.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let name = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
                let value = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
                let start = offset + 4
                body(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<(start + name)]),
                    UnsafeRawBufferPointer(rebasing: bytes[(start + name)..<(start + name + value)]))
                offset = start + name + value
            }
        }
    }

    /// Calls `body` with the bytes of the first field of that name (given in lower case); nil when there is none.
    public func withFirst<Result>(
        _ name: StaticString, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return packed.withUnsafeBytes { bytes in
            HeaderList.first(wanted, in: bytes).map { body(UnsafeRawBufferPointer(rebasing: bytes[$0])) }
        }
    }

    /// Whether there is a field of that name (given in lower case).
    public func contains(_ name: StaticString) -> Bool { withFirst(name) { _ in true } ?? false }

    /// Whether there is a field of that name (bytes in lower case).
    public func contains(_ name: [UInt8]) -> Bool {
        packed.withUnsafeBytes { bytes in
            name.withUnsafeBytes { HeaderList.first($0, in: bytes) != nil }
        }
    }

    /// The first value of that name, in any letter case; nil when there is none. Invalid UTF-8 is repaired.
    public subscript(_ name: String) -> String? {
        let wanted = Array(name.lowercased().utf8)
        return packed.withUnsafeBytes { bytes in
            wanted.withUnsafeBytes { wanted in
                HeaderList.first(wanted, in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
            }
        }
    }

    /// All values of that name in their order, in any letter case.
    public func values(_ name: String) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        var found: [String] = []
        forEach { name, value in
            if name.elementsEqual(wanted) { found.append(String(decoding: value, as: UTF8.self)) }
        }
        return found
    }

    /// All fields as text, in order.
    public var fields: [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        forEach { found.append((String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))) }
        return found
    }

    private static func first(
        _ wanted: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        var offset = 0
        while offset < bytes.count {
            let name = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
            let value = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
            let start = offset + 4
            if name == wanted.count, bytes[start..<(start + name)].elementsEqual(wanted) {
                return (start + name)..<(start + name + value)
            }
            offset = start + name + value
        }
        return nil
    }
}

extension HeaderList: ExpressibleByDictionaryLiteral {
    /// A list with these fields in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { append(name, value) }
    }
}
