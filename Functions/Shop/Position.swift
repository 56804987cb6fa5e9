import FoundationEssentials

/// Where a page of a list ended that is sorted by moment of creation and id, newest first. The moment is kept to the
/// microsecond, as the tables have it.
public struct Position: Codable, Sendable, Equatable {
    /// The moment, in microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int
    /// The id of the page's last row.
    public let id: Int

    /// The position of the row with this moment and id.
    public init(createdAt: Date, id: Int) {
        microseconds = Int((createdAt.timeIntervalSince1970 * 1_000_000).rounded())
        self.id = id
    }

    /// The moment.
    public var createdAt: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
