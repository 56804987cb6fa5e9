import Postgres

/// An e-mail address and a password, as somebody typed them.
struct Credentials: Sendable {
    /// A hash that no password has (bcrypt, cost 10, as the users' own are), for addresses that nobody has and users
    /// without a password: they then take as long to refuse as a wrong password.
    static let nobodysHash = "$2a$10$......................0000000000000000000000000000000"

    let email: String
    let password: String

    /// Whether they can be anybody's. bcrypt reads 72 bytes and no zero byte, so a longer password would be as good as
    /// its beginning, and PostgreSQL takes no zero byte in a text.
    var areWellFormed: Bool {
        !email.utf8.contains(0) && !password.utf8.contains(0) && (1...72).contains(password.utf8.count)
    }

    /// Answers one row, whoever asks: the hash is computed in the list of columns, once, whether there is such a user or
    /// not. As a condition the planner would know that without a user there is nothing to compute.
    var check: SQL {
        """
        SELECT id, role, coalesce(crypt(\(areWellFormed ? password : "")::text, coalesce(password_hash,
            \(Self.nobodysHash))) = password_hash, false) AS matches
        FROM (SELECT) AS once LEFT JOIN users ON lower(email) = lower(\(areWellFormed ? email : "")::text)
        """
    }
}
