import Manifests

/// The rules of one function in the order in which they are asked, and what their header fields say.
///
/// First those by client, then, once it is known who calls, the others; those by API key stand last, for only some
/// requests have one. So the rules that a request was asked by are always the first so many, and the text of
/// `RateLimit-Policy` for them is a beginning of the whole one.
struct RatePlan: Sendable {
    /// One rule.
    struct Entry: Sendable {
        let bucket: GCRA
        let by: RateRule.Key
        /// The hash that has taken up the rule's name and figures.
        let prefix: KeyedHash
        /// Where `"client";r=` stands in `text`.
        let member: Range<Int>
        /// Where the policies of all rules up to this one end in `text`.
        let policyEnd: Int
    }

    /// Where the rules stand in the limiter's table.
    let entries: Range<Int>
    /// How many of them are asked before authentication.
    let clientCount: Int
    /// How many of them are asked of a request without an API key.
    let keylessCount: Int
    /// Where `RateLimit-Policy` begins in the limiter's text.
    let policyStart: Int

    /// The plan of one function; its rules are added to `table`, what header fields say of them to `text`.
    ///
    /// - Parameters:
    ///   - common: the manifest's own rules, one bucket over all functions.
    ///   - own: the function's rules.
    ///   - function: its name, a part of its rules' keys.
    init(
        common: [RateRule], own: [RateRule], function: String, _ hashKey: KeyedHash.Key,
        table: inout [Entry], text: inout [UInt8]
    ) {
        let rules = Self.named(common, "", Self.commonName) + Self.named(own, function) { $0.rawValue }
        let ordered =
            rules.filter { $0.rule.by == .client } + rules.filter { ![.client, .key].contains($0.rule.by) }
            + rules.filter { $0.rule.by == .key }
        clientCount = rules.count { $0.rule.by == .client }
        keylessCount = rules.count { $0.rule.by != .key }
        let members = ordered.map { named in
            let start = text.count
            text += "\"\(named.name)\";r=".utf8
            return start..<text.count
        }
        policyStart = text.count
        let first = table.count
        for (named, member) in zip(ordered, members) {
            let bucket = GCRA(named.rule)
            let window = max(1, (GCRA.nanoseconds(named.rule.per) + 999_999_999) / 1_000_000_000)
            if text.count > policyStart { text += ", ".utf8 }
            text += "\"\(named.name)\";q=\(bucket.limit);w=\(window)".utf8
            table.append(
                Entry(
                    bucket: bucket, by: named.rule.by, prefix: Self.prefix(named.rule, named.scope, hashKey),
                    member: member, policyEnd: text.count))
        }
        entries = first..<table.count
    }

    /// A rule with the name of its policy, which is the only one of that name in a response.
    private struct Named {
        let rule: RateRule
        let scope: String
        let name: String
    }

    /// A rule written twice is one rule; two by the same are told apart by a number.
    private static func named(_ rules: [RateRule], _ scope: String, _ name: (RateRule.Key) -> String) -> [Named] {
        var seen: Set<RateRule> = []
        var counts: [RateRule.Key: Int] = [:]
        return rules.filter { seen.insert($0).inserted }.map { rule in
            let count = counts[rule.by, default: 0] + 1
            counts[rule.by] = count
            return Named(rule: rule, scope: scope, name: name(rule.by) + (count == 1 ? "" : "-\(count)"))
        }
    }

    /// A rule over all functions by function is one bucket for everything.
    private static func commonName(_ by: RateRule.Key) -> String { by == .function ? "api" : "api-\(by.rawValue)" }

    /// A rule is the same after a reload when function, figures and kind are.
    private static func prefix(_ rule: RateRule, _ scope: String, _ key: KeyedHash.Key) -> KeyedHash {
        var hash = KeyedHash(key)
        hash.add(scope)
        hash.add(UInt64(clamping: rule.limit))
        hash.add(GCRA.nanoseconds(rule.per))
        hash.add(rule.by.rawValue)
        return hash
    }
}
