import JSONCoding

/// Which page of a list is asked for; the gateway has checked it against the manifest's `page`.
///
/// As a property of an `Input`, under any name, it is filled in by the runtime.
public struct PageRequest: Sendable, Hashable {
    /// The page's number, from 1; 1 where the list is paged by position.
    public let number: Int
    /// How many items a page has at most.
    public let limit: Int
    /// Where the page before this one ended, in the handler's own words; nil at the start and for pages by number.
    public let after: String?

    /// A page by its number, from 1.
    public init(number: Int = 1, limit: Int = 10) {
        self.number = max(number, 1)
        self.limit = max(limit, 1)
        after = nil
    }

    /// The page after a position; nil is the first.
    public init(after: String?, limit: Int) {
        number = 1
        self.limit = max(limit, 1)
        self.after = after
    }

    init(_ window: PageWindow) {
        switch window {
        case .page(let number, let limit): self.init(number: number, limit: limit)
        case .cursor(let after, let limit): self.init(after: after, limit: limit)
        }
    }

    /// How many items come before the page; the largest `Int` where that is too small for it.
    public var offset: Int {
        let (product, overflowed) = (number - 1).multipliedReportingOverflow(by: limit)
        return overflowed ? .max : product
    }

    /// The position that `Page(_:nextPosition:)` wrote; nil at the start. Throws 400 when it is none of that type.
    public func position<Position: Decodable>(as type: Position.Type) throws -> Position? {
        guard let after else { return nil }
        do {
            return try JSONDecoding.decode(type, from: Array(after.utf8))
        } catch {
            throw APIError(.badRequest, "The cursor is not valid", cause: "\(error)")
        }
    }
}

extension PageRequest: Decodable {
    private enum CodingKeys: CodingKey { case number, limit, after }

    /// Reads `{"number":2,"limit":10}` or `{"after":"…","limit":10}`, where no runtime fills it in.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let limit = try container.decodeIfPresent(Int.self, forKey: .limit) ?? 10
        if let after = try container.decodeIfPresent(String.self, forKey: .after) {
            self.init(after: after, limit: limit)
        } else {
            self.init(number: try container.decodeIfPresent(Int.self, forKey: .number) ?? 1, limit: limit)
        }
    }
}
