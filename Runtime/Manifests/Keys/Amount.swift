/// Durations and sizes as a manifest writes them: a whole number and a unit, without a space.
enum Amount {
    private static let milliseconds: [String: Int] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
    private static let sizes: [String: Int] = ["B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
    /// More is a slip, and the multiplication must not overflow: a year, and 8 TiB.
    private static let longest = 366 * 24 * 3_600_000
    private static let largest = 8 << 40

    /// `500ms`, `10s`, `15m` or `24h`; a fix is never shorter than `least`.
    static func duration(_ text: String, from least: Duration = .zero) throws(TextProblem) -> Duration {
        let (digits, unit) = split(text)
        guard let factor = milliseconds[unit], let count = whole(digits) else {
            throw TextProblem(
                "must be a duration such as `500ms`, `10s`, `15m` or `24h`, not `\(text)`",
                fix: "write `\(probableDuration(text, from: least) ?? "10s")`")
        }
        let product = count.multipliedReportingOverflow(by: factor)
        guard !product.overflow, product.partialValue <= longest else {
            throw TextProblem("is longer than a year", fix: "write a shorter duration, such as `24h`")
        }
        return .milliseconds(product.partialValue)
    }

    /// `100B`, `512KiB`, `1MiB` or `2GiB`, in bytes; a fix is never smaller than `least`.
    static func size(_ text: String, from least: Int = 0) throws(TextProblem) -> Int {
        let (digits, unit) = split(text)
        guard let factor = sizes[unit], let count = whole(digits) else {
            throw TextProblem(
                "must be a size such as `512KiB` or `1MiB`, not `\(text)`",
                fix: "write `\(probableSize(text, from: least) ?? "1MiB")`")
        }
        let product = count.multipliedReportingOverflow(by: factor)
        guard !product.overflow, product.partialValue <= largest else {
            throw TextProblem("is more than 8192GiB", fix: "write a smaller size, such as `1MiB`")
        }
        return product.partialValue
    }

    /// A duration as a manifest writes it, in the largest unit that divides it.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let total = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        for (unit, factor) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)]
        where total >= factor && total % factor == 0 {
            return "\(total / factor)\(unit)"
        }
        return total == 0 ? "0s" : "\(total)ms"
    }

    private static func split(_ text: String) -> (digits: Substring, unit: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        return (digits, String(text[digits.endIndex...]))
    }

    private static func whole(_ digits: Substring) -> Int? {
        digits.contains(".") ? nil : Int(digits)
    }

    /// What somebody meant who wrote `10`, `1.5s`, `10 sec`, `5min`, `7d` or `1h30m`.
    private static func probableDuration(_ text: String, from least: Duration) -> String? {
        let names: [(String, Double)] = [
            ("ms", 1), ("msec", 1), ("millis", 1), ("milliseconds", 1),
            ("", 1000), ("s", 1000), ("sec", 1000), ("secs", 1000), ("second", 1000), ("seconds", 1000),
            ("m", 60_000), ("min", 60_000), ("mins", 60_000), ("minute", 60_000), ("minutes", 60_000),
            ("h", 3_600_000), ("hr", 3_600_000), ("hrs", 3_600_000), ("hour", 3_600_000),
            ("hours", 3_600_000), ("d", 86_400_000), ("day", 86_400_000), ("days", 86_400_000),
        ]
        var rest = text.lowercased().filter { $0 != " " }
        guard rest.utf8.count <= 24, !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let (digits, tail) = split(rest)
            let unit = tail.prefix { $0.isLetter }
            guard let count = Double(digits), let factor = names.first(where: { $0.0 == unit })?.1 else {
                return nil
            }
            total += count * factor
            rest = String(tail[unit.endIndex...])
        }
        guard total <= Double(longest), Duration.milliseconds(Int(total)) >= least else { return nil }
        return Self.text(.milliseconds(Int(total)))
    }

    /// What somebody meant who wrote `1024`, `1 MB`, `512k` or `1.5MiB`.
    private static func probableSize(_ text: String, from least: Int) -> String? {
        let names: [String: Double] = [
            "": 1, "b": 1, "k": 1024, "kb": 1024, "kib": 1024, "m": 1_048_576, "mb": 1_048_576,
            "mib": 1_048_576, "g": 1_073_741_824, "gb": 1_073_741_824, "gib": 1_073_741_824,
        ]
        let (digits, unit) = split(text.lowercased().filter { $0 != " " })
        guard let count = Double(digits), let factor = names[unit], count * factor <= Double(largest),
            Int(count * factor) >= least
        else { return nil }
        return ByteCount(bytes: Int(count * factor)).description
    }
}
