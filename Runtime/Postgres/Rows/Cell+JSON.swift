import JSONCoding

extension Cell {
    /// A `json` or `jsonb` document as a value of any type.
    func json<Value: Decodable>(_ wanted: Value.Type) throws -> Value {
        // `json`, other than `jsonb`, keeps an object's doubled keys; the last one counts, as it does for the server.
        let options = JSONDecodingOptions(limits: JSONLimits(allowsDoubledKeys: true))
        do {
            return try JSONDecoding.decode(wanted, from: UnsafeRawBufferPointer(bytes), options: options)
        } catch let error as JSONDecodingError {
            let path = error.path.isRoot ? "" : " at \(error.path)"
            throw PostgresError(
                .decoding,
                "Column \(reader.name(column)) has JSON that is no \(wanted)\(path): \(error.message)")
        }
    }
}
