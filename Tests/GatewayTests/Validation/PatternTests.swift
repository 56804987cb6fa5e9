import Testing

@testable import Gateway

extension Gateway.Pattern {
    /// Whether the pattern is in a text.
    func matches(_ text: String) -> Bool? {
        var budget = 10_000_000
        return text.withBytes { matches($0, budget: &budget) }
    }
}

@Suite("Regular expressions")
struct PatternTests {
    @Test(
        "a pattern matches as ECMA-262 has it, anywhere in the text",
        arguments: [
            ("", ["", "a"], []),
            ("a", ["a", "bab"], ["", "b", "A"]),
            ("^a$", ["a"], ["", "aa", "a\n", "ba"]),
            ("^[0-9]+$", ["0", "1234567890"], ["", "12a", "१", " 1"]),
            ("a|b|", ["a", "x", ""], []),
            ("^(a|bc)d$", ["ad", "bcd"], ["abcd", "d"]),
            ("^a*b+c?$", ["b", "aabbc", "bc"], ["a", "bcc"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]), ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
            ("^a{1,3}$", ["a", "aaa"], ["", "aaaa"]), ("^a{0}$", [""], ["a"]),
            ("^a+?b*?$", ["a", "aab"], ["b"]), ("^(?:ab)+$", ["abab"], ["aba"]),
            ("^(?<year>\\d{4})$", ["2026"], ["26"]),
            ("^.$", ["x", "é", "😀"], ["", "\n", "\r", "\u{2028}", "xy"]),
            ("^[^a-c]$", ["d", "\n", "😀"], ["a", "b", ""]),
            ("^[a\\-z]$", ["a", "-", "z"], ["b"]), ("^[-a]$", ["-", "a"], ["b"]), ("^[a-]$", ["-", "a"], ["b"]),
            ("^[\\]\\\\]$", ["]", "\\"], ["a"]), ("^[]$", [], ["", "a"]), ("^[^]$", ["a", "\n"], [""]),
            ("^\\d\\D$", ["1a"], ["11", "a1", "٣a"]),
            ("^\\w+$", ["aZ_9"], ["é", "a-b", ""]), ("^\\W$", ["é", "-"], ["a"]),
            ("^\\s$", [" ", "\t", "\u{A0}", "\u{FEFF}", "\u{3000}", "\u{2028}"], ["a", "\u{200B}"]),
            ("^\\S$", ["a", "\u{200B}"], [" "]), ("^[\\d\\s]+$", ["1 2"], ["a"]),
            ("\\bfoo\\b", ["foo", "a foo b", "foo!"], ["foobar", "xfoo"]),
            ("\\Boo", ["foo"], ["oo", " oo"]), ("^\\b", ["a"], ["", " a"]),
            ("a^", [], ["a", "aa"]), ("$a", [], ["a"]), ("(^a|b)c", ["ac", "xbc"], ["xac"]),
            ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\u{B}\u{C}\r\0"], [""]),
            ("^\\x41\\u0042\\u{43}\\cA$", ["ABC\u{1}"], ["ABC"]),
            ("^\\uD83D\\uDE00$", ["😀"], ["x"]), ("^\\u{1F600}$", ["😀"], []), ("^[😀-😂]$", ["😁"], ["😃"]),
            ("^\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/\\-\\@$", ["^$.*+?()[]{}|/-@"], [""]),
            ("^\\p{L}+$", ["aéßЖ漢"], ["1", "a1", ""]), ("^\\p{Lu}\\p{Ll}$", ["Éa"], ["ea"]),
            ("^\\p{Letter}\\p{Nd}$", ["a٣"], ["aa"]), ("^\\P{L}$", ["1"], ["a"]),
            ("^\\p{gc=Sc}$", ["€", "$"], ["a"]), ("^[\\p{L}\\p{M}' -]+$", ["O'Neill-Žižek"], ["a1"]),
            ("^\\p{White_Space}$", [" "], ["a"]), ("^\\p{Any}$", ["a"], [""]), ("^\\p{ASCII}$", ["a"], ["é"]),
            ("^\\p{Cn}$", ["\u{E1234}", "\u{10FFFF}"], ["a"]), ("^\\p{Co}$", ["\u{E000}", "\u{F0000}"], ["a"]),
            ("a]b}", ["a]b}"], ["ab"]), ("(a*)*b", ["b", "aab"], ["a"]), ("^(a?){3}$", ["", "aaa"], ["aaaa"]),
            ("^(?:a|ab)(?:c|bcd)$", ["ac", "abc", "abcd", "abbcd"], ["ab"]),
            ("^.{0,4000}$", ["", "abc"], [String(repeating: "a", count: 4001)]),
        ])
    func matching(source: String, matched: [String], others: [String]) throws {
        for usesAutomaton in [true, false] {
            let pattern = try Pattern(source, usesAutomaton: usesAutomaton)
            for text in matched { #expect(pattern.matches(text) == true, "\(text)") }
            for text in others { #expect(pattern.matches(text) == false, "\(text)") }
        }
    }

    @Test(
        "what is malformed or cannot be checked in linear time is refused with a sentence",
        arguments: [
            ("(?=a)", "looks ahead, which cannot be checked in linear time", 0),
            ("a(?!b)", "looks ahead, which cannot be checked in linear time", 1),
            ("(?<=a)b", "looks behind, which cannot be checked in linear time", 0),
            ("(?<!a)b", "looks behind, which cannot be checked in linear time", 0),
            ("(a)\\1", "refers back to a group, which cannot be checked in linear time", 3),
            ("(?<n>a)\\k<n>", "refers back to a group, which cannot be checked in linear time", 7),
            ("(a", "has a `(` without its `)`", 0), ("a)", "has a `)` without its `(`", 1),
            ("[a", "has a `[` without its `]`", 0), ("[b-a]", "has a range that runs backwards", 4),
            ("[\\d-z]", "has a range between sets", 5), ("*a", "has a `*` with nothing to repeat", 0),
            ("a**", "has a `*` with nothing to repeat", 2), ("a{2,1}", "counts from 2 to 1", 1),
            ("a{x}", "has a `{` that counts nothing", 1), ("a{,2}", "has a `{` that counts nothing", 1),
            ("{", "has a `{` that counts nothing", 0), ("^*", "repeats a place, not a character", 1),
            ("\\", "ends with a lone backslash", 0), ("\\q", "has an escape that means nothing", 0),
            ("\\xZZ", "has an escape that means nothing", 0), ("\\u{110000}", "has an escape that means nothing", 0),
            ("\\p{Greek}", "names a Unicode property that is not known here", 0),
            ("\\pL", "names a Unicode property that is not known here", 0),
            ("(?i:a)", "has a group of an unknown kind", 0), ("((a{200}){200}){200}", "is too large", 0),
            (String(repeating: "(", count: 100), "has groups nested deeper than 64", 65),
            (String(repeating: "a", count: 8193), "is longer than 8192 bytes", 0),
        ])
    func refused(source: String, message: String, offset: Int) {
        let problem = #expect(throws: PatternProblem.self) { try Pattern(source) }
        #expect(problem?.message == message)
        #expect(problem?.offset == offset)
        #expect(problem?.fix.isEmpty == false)
    }

    /// Steps are counted in place of time: one for each sixteen bytes by the automaton.
    @Test(
        "patterns that explode elsewhere take a step a character",
        arguments: [
            "(a+)+$", "^(a|a)*$", "(a*)*b", "(.*)*x", "(a|aa)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$",
            "([a-z]{1,50}){1,50}[0-9]$", "^(\\w+\\s?)*$",
        ])
    func linear(source: String) throws {
        let text = String(repeating: "a", count: 100_000) + "!"
        let pattern = try Pattern(source)
        var budget = 10_000_000
        #expect(text.withBytes { pattern.matches($0, budget: &budget) } == false)
        #expect(10_000_000 - budget <= 100_000 / 16 + 2)
    }

    @Test("one whose automaton would be too large is run as it is, within the budget")
    func large() throws {
        let pattern = try Pattern("(a|b)*a(a|b){14}$")
        #expect(pattern.matches("bba" + String(repeating: "b", count: 14)) == true)
        #expect(pattern.matches("a" + String(repeating: "b", count: 15)) == false)
        let text = String(repeating: "ab", count: 50_000)
        var budget = 100_000
        #expect(text.withBytes { pattern.matches($0, budget: &budget) } == nil)
    }
}
