import CLibPQ

extension SQL {
    /// Throws for a statement that cannot be sent.
    func check() throws(PostgresError) {
        if let fault { throw fault }
        guard bindings.count <= Int(PQ_QUERY_PARAM_MAX_LIMIT) else {
            throw PostgresError(.statement, "A statement has at most \(PQ_QUERY_PARAM_MAX_LIMIT) parameters")
        }
        guard bindings.allSatisfy({ $0.count <= Int(Int32.max) }) else {
            throw PostgresError(.statement, "A parameter has more than 2 GiB")
        }
    }

    /// Gives the parameters as libpq takes them: how many, their types, addresses, lengths and formats. Only for a
    /// statement that was checked.
    func withParameters<Value>(
        _ body: (
            Int32, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) throws -> Value
    ) rethrows -> Value {
        let count = bindings.count
        if count == 0 { return try body(0, nil, nil, nil, nil) }
        return try withUnsafeTemporaryAllocation(of: Oid.self, capacity: count) { types in
            try withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { addresses in
                try withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    try values.withUnsafeBytes { bytes in
                        let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                        for (index, binding) in bindings.enumerated() {
                            types.initializeElement(at: index, to: binding.type)
                            let address = binding.count < 0 ? nil : base.map { $0 + binding.offset }
                            addresses.initializeElement(at: index, to: address)
                            let length = Int32(truncatingIfNeeded: max(0, binding.count))
                            numbers.initializeElement(at: index, to: length)
                            numbers.initializeElement(at: count + index, to: binding.isBinary ? 1 : 0)
                        }
                        return try body(
                            Int32(truncatingIfNeeded: count), UnsafePointer(types.baseAddress),
                            UnsafePointer(addresses.baseAddress), UnsafePointer(numbers.baseAddress),
                            numbers.baseAddress.map { UnsafePointer($0 + count) })
                    }
                }
            }
        }
    }
}
