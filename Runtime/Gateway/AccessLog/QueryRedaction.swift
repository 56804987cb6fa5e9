/// Which query parameters' values never reach the log.
struct QueryRedaction: Sendable {
    private let names: [[UInt8]]

    /// Names are compared decoded and without letter case.
    init(_ names: [String]) {
        self.names = names.map { $0.utf8.map(\.lowered) }
    }

    /// Path and query as they stand in an address, with `***` for the values that are secret.
    func url(path: [UInt8], query: [UInt8]) -> [UInt8] {
        var url: [UInt8] = []
        url.reserveCapacity(path.count + query.count + 1)
        PercentCoding.append(path: path, to: &url)
        guard !query.isEmpty else { return url }
        var separator = UInt8(ascii: "?")
        QueryString.forEach(query) { piece in
            url.append(separator)
            separator = UInt8(ascii: "&")
            guard isSecret(piece.name) else {
                PercentCoding.append(query: piece.bytes, to: &url)
                return
            }
            PercentCoding.append(query: piece.name, to: &url)
            url.append(contentsOf: "=***".utf8)
        }
        return url
    }

    /// A name that cannot be decoded is looked at as it came.
    private func isSecret(_ name: UnsafeRawBufferPointer) -> Bool {
        guard !names.isEmpty else { return false }
        if let decoded = PercentCoding.decode(name) {
            let lowered = decoded.utf8.map(\.lowered)
            return names.contains(lowered)
        }
        let lowered = name.map(\.lowered)
        return names.contains(lowered)
    }
}
