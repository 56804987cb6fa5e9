import Foundation
import GRDB

/// Why the file of keys cannot be used.
enum IdempotencyFileError: Error, Equatable {
    /// A later version of the gateway made it.
    case newer
    /// A row holds what was never written.
    case nonsense
    /// The system refused.
    case system(Int32)

    /// A sentence for the log: no path, no content.
    static func sentence(_ error: any Error) -> String {
        switch error {
        case IdempotencyFileError.newer: return "the file of idempotency keys was made by a later version"
        case IdempotencyFileError.nonsense: return "the file of idempotency keys is damaged; \(remedy)"
        case IdempotencyFileError.system(let code):
            return "the file of idempotency keys cannot be made: \(String(cString: strerror(code)))"
        case let error as DatabaseError: return sentence(error)
        default: return "the file of idempotency keys cannot be used"
        }
    }

    private static let remedy = "move it away to begin anew, then keys used before are not known any more"

    private static func sentence(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another gateway uses the file of idempotency keys"
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file of idempotency keys is damaged; \(remedy)"
        case .SQLITE_FULL: "the disk is full, or the file of idempotency keys has reached its largest size"
        case .SQLITE_READONLY, .SQLITE_PERM: "the file of idempotency keys cannot be written"
        case .SQLITE_CANTOPEN: "the file of idempotency keys cannot be opened"
        default:
            "the file of idempotency keys cannot be used: SQLite error \(error.extendedResultCode.rawValue)"
        }
    }

    /// Whether nothing but room was missing: other work on the file may go on.
    static func isFull(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_FULL
    }
}
