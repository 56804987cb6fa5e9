/// How long a token is good: whole seconds, from one second to a year, written `90s`, `15m` or `24h`.
struct TokenLifetime: Sendable, Equatable {
    /// Where nothing is said.
    static let standard = TokenLifetime(seconds: 24 * 3600)

    /// What a lifetime is not, as a sentence for whoever starts the function.
    struct Malformed: Error, Equatable, CustomStringConvertible {
        let description = "JWT_EXPIRES_IN must be a duration from 1s to a year, such as 90s, 15m or 24h"
    }

    let seconds: Int

    private init(seconds: Int) { self.seconds = seconds }

    init(_ text: String) throws(Malformed) {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        // Nine digits fit with any unit.
        guard (1...9).contains(digits.count), let count = Int(Substring(digits)) else { throw Malformed() }
        let (seconds, rest): (Int, Int) =
            switch text.dropFirst(digits.count) {
            case "ms": count.quotientAndRemainder(dividingBy: 1000)
            case "s": (count, 0)
            case "m": (count * 60, 0)
            case "h": (count * 3600, 0)
            default: (0, 0)
            }
        guard rest == 0, (1...366 * 24 * 3600).contains(seconds) else { throw Malformed() }
        self.seconds = seconds
    }
}
