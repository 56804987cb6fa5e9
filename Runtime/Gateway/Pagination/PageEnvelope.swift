import JSONCoding
import Manifests
import WireProtocol

/// Wraps a worker's items into `data` and `pagination` and adds `Link` (contract 3.3).
struct PageEnvelope {
    /// The request's path, decoded.
    let path: [UInt8]
    /// Its query as it came, but for parameters that do not count.
    let query: [UInt8]
    let function: String
    let cursors: CursorSigner

    /// One page of a list of `total` items.
    func wrap(
        _ items: [UInt8], page: Int, limit: Int, total: Int, _ headers: inout HeaderList
    ) -> [UInt8] {
        let pages = total / limit + (total % limit > 0 ? 1 : 0)
        let last = max(1, pages)
        var links = PageLinks(path: path, query: query, style: .page)
        links.add("first", page: 1, limit: limit)
        // From past the end one comes back to the last page that has items.
        if page > 1 { links.add("prev", page: min(page - 1, last), limit: limit) }
        if page < pages { links.add("next", page: page + 1, limit: limit) }
        links.add("last", page: last, limit: limit)
        headers.append("link", bytes: links.value)

        var json = begin(items)
        json.key("page")
        json.integer(page)
        json.key("limit")
        json.integer(limit)
        json.key("total")
        json.integer(total)
        json.key("totalPages")
        json.integer(pages)
        json.key("hasNext")
        json.bool(page < pages)
        json.key("hasPrev")
        json.bool(page > 1)
        return end(&json)
    }

    /// What comes before the position `next`; nil: the end.
    func wrap(_ items: [UInt8], limit: Int, next: String?, _ headers: inout HeaderList) -> [UInt8] {
        let cursor = next.map { cursors.cursor($0, function: function) }
        var links = PageLinks(path: path, query: query, style: .cursor)
        links.add("first", cursor: nil, limit: limit)
        if let cursor { links.add("next", cursor: cursor, limit: limit) }
        headers.append("link", bytes: links.value)

        var json = begin(items)
        json.key("limit")
        json.integer(limit)
        json.key("nextCursor")
        if let cursor { json.string(cursor) } else { json.null() }
        json.key("hasNext")
        json.bool(cursor != nil)
        return end(&json)
    }

    private func begin(_ items: [UInt8]) -> JSONWriter {
        var json = JSONWriter(reservingCapacity: items.count + 160)
        json.beginObject()
        json.key("data")
        json.raw(items)
        json.key("pagination")
        json.beginObject()
        return json
    }

    private func end(_ json: inout JSONWriter) -> [UInt8] {
        json.endObject()
        json.endObject()
        return json.bytes
    }
}
