import WireProtocol

/// A query as it came, `a=1&b=2`: its pieces between the ampersands.
struct QueryString {
    /// One piece: the bytes of name and value, still encoded; a piece without `=` has an empty value.
    struct Piece {
        /// The whole piece.
        let bytes: UnsafeRawBufferPointer
        let name: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer
    }

    /// Calls `body` with each piece that is not empty, in order.
    static func forEach(_ query: [UInt8], _ body: (Piece) -> Void) {
        query.withUnsafeBytes { query in
            var start = 0
            while start < query.count {
                var end = start
                var equals: Int?
                while end < query.count, query[end] != UInt8(ascii: "&") {
                    if query[end] == UInt8(ascii: "="), equals == nil { equals = end }
                    end += 1
                }
                if end > start {
                    body(
                        Piece(
                            bytes: query.part(start..<end), name: query.part(start..<(equals ?? end)),
                            value: query.part((equals.map { $0 + 1 } ?? end)..<end)))
                }
                start = end + 1
            }
        }
    }

    /// The parameters as text, in order; `BAD_REQUEST` where one cannot be decoded.
    static func parameters(_ query: [UInt8]) throws(APIError) -> [Invocation.Parameter] {
        var found: [Invocation.Parameter] = []
        var isWhole = true
        forEach(query) { piece in
            if let name = PercentCoding.decode(piece.name), let value = PercentCoding.decode(piece.value) {
                found.append(Invocation.Parameter(name, value))
            } else {
                isWhole = false
            }
        }
        guard isWhole else { throw .badRequest("The query is malformed") }
        return found
    }
}
