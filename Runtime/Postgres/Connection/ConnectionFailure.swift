/// What libpq says when a connection cannot be made or breaks, as one sentence.
enum ConnectionFailure {
    /// What to do about failures whose own words leave one guessing; the first that fits counts.
    private static let explained: [(part: String, sentence: String)] = [
        (
            "certificate verify failed",
            "The database's certificate is not signed by the authority that sslrootcert names"
        ),
        ("does not match host name", "The database's certificate is for another host"),
        (
            "server closed the connection unexpectedly",
            "The database closed the connection without a word; whether the statement ran is not known"
        ),
        (
            "Connection reset by peer",
            "The connection to the database was reset; whether the statement ran is not known"
        ),
        ("server does not support SSL", "The database does not offer TLS, which sslmode requires"),
    ]

    /// libpq's text in one line, behind what it means where that is not plain.
    static func sentence(from text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if words.isEmpty { return "The database connection broke" }
        guard let known = explained.first(where: { words.contains($0.part) }) else { return words }
        return "\(known.sentence) (\(words))"
    }
}
