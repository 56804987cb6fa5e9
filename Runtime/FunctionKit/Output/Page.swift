import JSONCoding

/// One page of a list. The gateway puts `data`, `pagination` and `Link` around it.
///
/// Which kind it is must be what the manifest's `page.style` says: `total` for `page`, `next` for `cursor`.
public struct Page<Item: Encodable & Sendable>: FunctionOutput {
    /// The items, in order, at most as many as `PageRequest.limit`.
    public var items: [Item]
    /// How the list goes on.
    public var continuation: Continuation

    /// How a list goes on after a page.
    public enum Continuation: Sendable, Hashable {
        /// By number: the whole list has so many items.
        case total(Int)
        /// By position: where the next page begins, in the handler's own words; nil at the end.
        case next(String?)
    }

    /// A page of a list with `total` items; less than 0 counts as 0.
    public init(_ items: [Item], total: Int) {
        self.items = items
        continuation = .total(max(total, 0))
    }

    /// A page of a list that goes on at the position `next`, any text that the handler understands (it comes back as
    /// `PageRequest.after`; the client sees it signed and encoded); nil at the end.
    public init(_ items: [Item], next: String?) {
        self.items = items
        continuation = .next(next)
    }

    /// A page of a list that goes on at a position of several values, written as JSON; `PageRequest.position(as:)`
    /// reads it. Throws when the position cannot be encoded.
    public init<Position: Encodable>(_ items: [Item], nextPosition: Position?) throws {
        let next = try nextPosition.map { String(decoding: try JSONEncoding.encode($0), as: UTF8.self) }
        self.init(items, next: next)
    }

    /// Writes the items as a JSON array.
    public func write(to reply: inout Reply) throws {
        switch continuation {
        case .total(let total): reply.kind = .page(total: total)
        case .next(let next): reply.kind = .cursorPage(next: next)
        }
        try JSONEncoding.encode(items, into: &reply.body)
    }
}
