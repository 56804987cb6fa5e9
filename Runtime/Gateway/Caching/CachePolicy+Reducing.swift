import WireProtocol

extension CachePolicy {
    /// The header fields that the handler is shown: those of the key. Conditions and ranges never, even where `vary` names
    /// them: the gateway applies them to the whole answer.
    func reduced(_ headers: HeaderList) -> HeaderList {
        var kept = HeaderList()
        guard !self.headers.isEmpty else { return kept }
        headers.forEach { name, value in
            guard self.headers.contains(where: { name.isBytes($0) }), !Self.isNeverShown(name) else { return }
            kept.append(name: name, value: value)
        }
        return kept
    }

    /// The query that stands for the request's from here on, for the key, the handler, the page and its links: as it came,
    /// or with `cache.query` the parameters that count only, in the order of their names and in one encoding. Nil where
    /// it cannot be decoded: the request is then malformed.
    func reduced(_ query: [UInt8]) -> [UInt8]? {
        guard let parameters, !query.isEmpty else { return query }
        var values = [[String]](repeating: [], count: parameters.count)
        var isWhole = true
        QueryString.forEach(query) { piece in
            guard let name = PercentCoding.decode(piece.name), let value = PercentCoding.decode(piece.value) else {
                isWhole = false
                return
            }
            if let index = parameters.firstIndex(of: name) { values[index].append(value) }
        }
        guard isWhole else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(query.count)
        for (name, values) in zip(parameters, values) {
            for value in values {
                if !out.isEmpty { out.append(UInt8(ascii: "&")) }
                Self.escape(name, &out)
                out.append(UInt8(ascii: "="))
                Self.escape(value, &out)
            }
        }
        return out
    }

    /// The same of a query that is decoded.
    func reduced(_ query: [Invocation.Parameter]) -> [Invocation.Parameter] {
        guard let parameters else { return query }
        return parameters.flatMap { name in query.filter { $0.name == name } }
    }

    private static func isNeverShown(_ name: UnsafeRawBufferPointer) -> Bool {
        Preconditions.isCondition(name) || name.isText("range")
    }

    /// Everything but the unreserved characters (RFC 3986, section 2.3).
    private static func escape(_ text: String, _ out: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.append(byte)
            default:
                out.append(UInt8(ascii: "%"))
                out.append(digits.utf8Start[Int(byte >> 4)])
                out.append(digits.utf8Start[Int(byte & 15)])
            }
        }
    }
}
