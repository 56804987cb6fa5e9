extension Array: PostgresBindable where Element: PostgresBindable {
    /// `bytea` for bytes, else the array type of the elements' type (`bigint[]` for `[Int]`). Where the server finds out
    /// the elements' type, as it does for text, it finds out the array's type too.
    public static var postgresType: PostgresType {
        if Element.self == UInt8.self { return .bytea }
        return Element.postgresType.array ?? .unknownArray
    }

    /// Writes the bytes, or an array of one dimension that counts from 1. An array of arrays makes the query throw, and so
    /// does one of a type of one's own that is sent in binary form.
    public func write(to parameter: inout PostgresParameter) {
        if Element.self == UInt8.self {
            withUnsafeBytes { parameter.append(contentsOf: $0) }
            return
        }
        let element = Element.postgresType
        guard let type = element.array else {
            parameter.refuse(
                element.isArray
                    ? "An array of arrays cannot be bound" : "The elements' type has no array form")
            return
        }
        if type.isBinary {
            writeBinary(element, to: &parameter)
        } else {
            writeText(to: &parameter)
        }
    }

    /// Dimensions, whether there are NULLs, the elements' type, how many there are, the first one's number; then each with
    /// its length.
    private func writeBinary(_ element: PostgresType, to parameter: inout PostgresParameter) {
        guard let count = Int32(exactly: count) else {
            parameter.refuse("An array has too many elements")
            return
        }
        parameter.append(bigEndian: count == 0 ? 0 : 1 as Int32)
        let flags = parameter.bytes.count
        parameter.append(bigEndian: 0 as Int32)
        parameter.append(bigEndian: element.oid)
        if count == 0 { return }
        parameter.append(bigEndian: count)
        parameter.append(bigEndian: 1 as Int32)
        for value in self {
            let start = parameter.bytes.count
            parameter.append(bigEndian: -1 as Int32)
            value.write(to: &parameter)
            if parameter.isNull {
                parameter.isNull = false
                parameter.bytes.removeSubrange((start + 4)...)
                parameter.bytes[flags + 3] = 1
                continue
            }
            guard let length = Int32(exactly: parameter.bytes.count - start - 4) else {
                parameter.refuse("An array's element has more than 2 GiB")
                return
            }
            Swift.withUnsafeBytes(of: length.bigEndian) { bytes in
                for index in 0..<4 { parameter.bytes[start + index] = bytes[index] }
            }
        }
    }

    /// `{"a","b",NULL}`, every element in quotes, so that none can be taken for NULL or for nothing.
    private func writeText(to parameter: inout PostgresParameter) {
        parameter.bytes.append(UInt8(ascii: "{"))
        var scratch = PostgresParameter(bytes: [])
        for (index, value) in enumerated() {
            if index > 0 { parameter.bytes.append(UInt8(ascii: ",")) }
            scratch.bytes.removeAll(keepingCapacity: true)
            value.write(to: &scratch)
            if scratch.isNull {
                scratch.isNull = false
                parameter.bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            ArrayText.appendQuoted(scratch.bytes, to: &parameter.bytes)
        }
        parameter.bytes.append(UInt8(ascii: "}"))
        if let reason = scratch.reason { parameter.refuse(reason.message, reason.state) }
    }
}
