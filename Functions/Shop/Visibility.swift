import FunctionKit

/// Whose orders and data a caller may see: everybody's, one user's own, or nobody's.
///
/// The roles decide: admins and support see everything. Whoever has neither role sees what belongs to the user of the
/// caller's id, and a caller whose id is no user's sees nothing. What is not visible is answered as if it were not
/// there, so that nobody learns which ids there are.
public enum Visibility: Sendable, Equatable {
    /// Everybody's.
    case all
    /// This user's.
    case own(Int)
    /// Nobody's.
    case nothing

    /// What this caller may see.
    public init(_ caller: Caller) {
        if caller.has(role: Role.admin.rawValue) || caller.has(role: Role.support.rawValue) {
            self = .all
        } else {
            self = caller.userID.map(Visibility.own) ?? .nothing
        }
    }

    /// Whether what belongs to this user is visible.
    public func includes(_ user: Int) -> Bool {
        switch self {
        case .all: true
        case .own(let own): own == user
        case .nothing: false
        }
    }
}
