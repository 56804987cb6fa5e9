import WireProtocol

extension HeaderList {
    /// Adds a field whose name is a constant in lower case.
    @discardableResult
    mutating func append(_ name: StaticString, _ value: UnsafeRawBufferPointer) -> Bool {
        append(
            name: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value: value)
    }

    /// Adds a field whose name, in lower case, and value are constants.
    mutating func append(constant name: StaticString, _ value: StaticString) {
        append(name, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Adds a field whose name is a constant in lower case.
    @discardableResult
    mutating func append(_ name: StaticString, bytes value: [UInt8]) -> Bool {
        value.withUnsafeBytes { append(name, $0) }
    }
}
