/// The name of a prepared statement at the server; never used twice on one connection.
struct StatementName: Sendable, Hashable {
    /// Its number on the connection.
    let number: Int

    /// `s` and the number.
    var text: String { "s\(number)" }
}
