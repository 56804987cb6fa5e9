import Testing

@testable import Gateway

@Suite("Random regular expressions")
struct PatternFuzzTests {
    /// A second opinion: the tree itself, by backtracking over sets of places.
    private struct Oracle {
        let text: [Unicode.Scalar]

        func ends(_ node: PatternNode, _ start: Int) -> Set<Int> {
            switch node {
            case .empty: return [start]
            case .set(let set):
                return start < text.count && set.contains(text[start].value) ? [start + 1] : []
            case .assertion(let assertion):
                let before = start > 0 && ScalarSet.words.contains(text[start - 1].value)
                let after = start < text.count && ScalarSet.words.contains(text[start].value)
                let holds =
                    switch assertion {
                    case .start: start == 0
                    case .end: start == text.count
                    case .boundary: before != after
                    case .noBoundary: before == after
                    }
                return holds ? [start] : []
            case .sequence(let nodes):
                return nodes.reduce([start]) { places, node in
                    places.reduce(into: []) { $0.formUnion(ends(node, $1)) }
                }
            case .choice(let nodes): return nodes.reduce(into: []) { $0.formUnion(ends($1, start)) }
            case .repeated(let node, let min, let max):
                var places: Set<Int> = [start]
                var all: Set<Int> = min == 0 ? [start] : []
                var count = 0
                while count < max ?? (min + text.count + 1), !places.isEmpty {
                    places = places.reduce(into: []) { $0.formUnion(ends(node, $1)) }
                    count += 1
                    if count >= min { all.formUnion(places) }
                }
                return all
            }
        }

        func matches(_ node: PatternNode) -> Bool { (0...text.count).contains { !ends(node, $0).isEmpty } }
    }

    @Test("the automaton, the program and a second opinion agree", arguments: 1...6)
    func agreement(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let pieces = [
            "a", "b", "é", ".", "[ab]", "[^a]", "\\w", "\\W", "^", "$", "\\b", "\\B", "(", ")", "(?:", "|", "*", "+",
            "?", "{2}", "{1,2}", "{0,3}", "😀", " ",
        ]
        let letters: [Unicode.Scalar] = ["a", "b", "c", "é", " ", "\n", "😀", "_"]
        var compared = 0
        for _ in 0..<400 {
            let source = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard let pattern = try? Pattern(source) else { continue }
            let program = try Pattern(source, usesAutomaton: false)
            let node = try PatternParser.parse(source)
            for _ in 0..<6 {
                let scalars = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &random)]
                }
                let text = String(String.UnicodeScalarView(scalars))
                let expected = Oracle(text: scalars).matches(node)
                #expect(pattern.matches(text) == expected, "\(source) on \(text.debugDescription)")
                #expect(program.matches(text) == expected, "\(source) on \(text.debugDescription)")
                compared += 1
            }
        }
        #expect(compared > 500)
    }

    @Test("random text as a pattern is compiled or refused, never worse", arguments: 1...4)
    func garbage(_ seed: UInt64) {
        var random = SplitMix(seed: seed &* 31)
        let alphabet = Array("ab0-9^$\\.*+?()[]{}|,=!<>:pPuxLdwsbBk{}é😀\n".unicodeScalars)
        var compiled = 0
        for _ in 0..<1500 {
            let source = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...24, using: &random)).map { _ in
                        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                    }))
            guard let pattern = try? Pattern(source) else { continue }
            compiled += 1
            #expect(pattern.matches("ab0é😀") != nil)
            #expect(pattern.matches("") != nil)
        }
        #expect(compiled > 20)
    }
}
