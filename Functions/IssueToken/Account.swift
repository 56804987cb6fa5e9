import Shop

/// What the database says to an e-mail address and a password.
struct Account: Decodable, Sendable {
    /// The user of this address; nil when there is none.
    var id: Int?
    /// What that user may do.
    var role: Role?
    /// Whether the password is that user's.
    var matches: Bool
}
