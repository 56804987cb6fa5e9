import Manifests
import WireProtocol

/// Writes the value of `Link` (RFC 8288): path-absolute references that keep the query's other parameters.
struct PageLinks {
    /// Path, `?` and the other parameters; every link begins with it.
    private let base: [UInt8]
    private(set) var value: [UInt8] = []

    /// Links for a request to this path (decoded) with this query (as it came).
    init(path: [UInt8], query: [UInt8], style: Manifests.PageSettings.Style) {
        var base: [UInt8] = []
        base.reserveCapacity(path.count + query.count + 2)
        PercentCoding.append(path: path, to: &base)
        base.append(UInt8(ascii: "?"))
        QueryString.forEach(query) { piece in
            if let name = PercentCoding.decode(piece.name), PageParameters.owns(name, style) { return }
            PercentCoding.append(query: piece.bytes, to: &base)
            base.append(UInt8(ascii: "&"))
        }
        self.base = base
        value.reserveCapacity((base.count + 40) * (style == .page ? 4 : 2))
    }

    /// Adds a link to the page of this number.
    mutating func add(_ relation: StaticString, page: Int, limit: Int) {
        add(relation, "page=\(page)&limit=\(limit)")
    }

    /// Adds a link to what comes behind the cursor; nil: the list's start.
    mutating func add(_ relation: StaticString, cursor: String?, limit: Int) {
        add(relation, cursor.map { "limit=\(limit)&cursor=\($0)" } ?? "limit=\(limit)")
    }

    private mutating func add(_ relation: StaticString, _ query: String) {
        if !value.isEmpty { value.append(contentsOf: ", ".utf8) }
        value.append(UInt8(ascii: "<"))
        value.append(contentsOf: base)
        value.append(contentsOf: query.utf8)
        value.append(contentsOf: ">; rel=\"".utf8)
        relation.withUTF8Buffer { value.append(contentsOf: $0) }
        value.append(UInt8(ascii: "\""))
    }
}
