/// A pattern as a non-deterministic automaton (Thompson, 1968): steps that take a character, fork, or ask about the
/// place between two characters.
struct PatternProgram {
    enum Step {
        case accept
        /// Takes a character of a set, by its number.
        case take(set: Int, next: Int)
        case fork(Int, Int)
        case ask(PatternNode.Assertion, next: Int)
    }

    /// The largest program; counted repetitions are written out, so `(a{100}){100}` has 10,000 steps.
    static let limit = 20_000

    private(set) var steps: [Step] = [.accept]
    private(set) var start = 0
    private(set) var sets: [ScalarSet] = []
    let alphabet: PatternAlphabet
    /// Whether there is `^`, and so the start is a special place.
    private(set) var asksStart = false
    /// Whether there is `\b` or `\B`.
    private(set) var asksWords = false
    /// For each class, whether its characters belong to words; empty without `asksWords`.
    private(set) var wordClasses: [Bool] = []

    init(_ node: PatternNode) throws(PatternProblem) {
        var builder = Builder()
        start = try builder.emit(node, next: 0)
        steps = builder.steps
        sets = builder.sets
        asksStart = builder.asked.contains(.start)
        asksWords = builder.asked.contains(.boundary) || builder.asked.contains(.noBoundary)
        guard let alphabet = PatternAlphabet(asksWords ? sets + [.words] : sets) else { throw Builder.tooLarge }
        self.alphabet = alphabet
        if asksWords { wordClasses = Array(alphabet.members.suffix(alphabet.count)) }
    }

    /// Whether a set has a class.
    @inline(__always)
    func has(_ set: Int, _ symbol: Int) -> Bool { alphabet.members[set * alphabet.count + symbol] }

    /// What is known about a place between two characters.
    struct Place: Hashable {
        var isStart: Bool
        var followsWord: Bool
    }

    /// Whether an assertion holds between a place and what comes next; `nextIsWord` is false at the end.
    static func holds(
        _ assertion: PatternNode.Assertion, _ place: Place, isEnd: Bool, nextIsWord: Bool
    ) -> Bool {
        switch assertion {
        case .start: place.isStart
        case .end: isEnd
        case .boundary: place.followsWord != nextIsWord
        case .noBoundary: place.followsWord == nextIsWord
        }
    }
}

extension PatternProgram {
    /// Writes steps from the last to the first: each is told where it leads.
    private struct Builder {
        var steps: [Step] = [.accept]
        var sets: [ScalarSet] = []
        var numbers: [ScalarSet: Int] = [:]
        var asked: Set<PatternNode.Assertion> = []

        static let tooLarge = PatternProblem(
            message: "is too large", fix: "write smaller counts in braces, or use `maxLength`", offset: 0)

        mutating func add(_ step: Step) throws(PatternProblem) -> Int {
            guard steps.count < PatternProgram.limit else { throw Builder.tooLarge }
            steps.append(step)
            return steps.count - 1
        }

        /// Writes a node's steps and returns the first one.
        mutating func emit(_ node: PatternNode, next: Int) throws(PatternProblem) -> Int {
            switch node {
            case .empty: return next
            case .set(let set): return try add(.take(set: number(of: set), next: next))
            case .assertion(let assertion):
                asked.insert(assertion)
                return try add(.ask(assertion, next: next))
            case .sequence(let nodes):
                var next = next
                for node in nodes.reversed() { next = try emit(node, next: next) }
                return next
            case .choice(let nodes):
                var first: Int?
                for node in nodes.reversed() {
                    let branch = try emit(node, next: next)
                    if let other = first { first = try add(.fork(branch, other)) } else { first = branch }
                }
                return first ?? next
            case .repeated(let node, let min, let max): return try emit(node, min, max, next)
            }
        }

        private mutating func emit(
            _ node: PatternNode, _ min: Int, _ max: Int?, _ next: Int
        ) throws(PatternProblem) -> Int {
            var first = next
            if let max {
                for _ in min..<max {
                    let body = try emit(node, next: first)
                    if body == first { break }
                    first = try add(.fork(body, next))
                }
            } else {
                let loop = try add(.fork(next, next))
                steps[loop] = .fork(try emit(node, next: loop), next)
                first = loop
            }
            for _ in 0..<min {
                let body = try emit(node, next: first)
                if body == first { break }
                first = body
            }
            return first
        }

        private mutating func number(of set: ScalarSet) -> Int {
            if let number = numbers[set] { return number }
            sets.append(set)
            numbers[set] = sets.count - 1
            return sets.count - 1
        }
    }
}
