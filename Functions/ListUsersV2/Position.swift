import FoundationEssentials
import Shop

/// The last user of a page. The moment is kept to the microsecond, as the table has it.
struct Position: Codable {
    var microseconds: Int
    var id: Int

    init(_ user: User) {
        microseconds = Int((user.createdAt.timeIntervalSince1970 * 1_000_000).rounded())
        id = user.id
    }

    var createdAt: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
