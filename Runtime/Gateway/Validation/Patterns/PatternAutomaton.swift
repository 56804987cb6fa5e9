/// A pattern as a deterministic automaton: one table look-up a character. Built whole when the manifest is loaded, and
/// never changed.
struct PatternAutomaton: Sendable {
    /// The most states and the most work, in steps looked at; past either the program is run as it is.
    static let stateLimit = 8_000
    static let tableLimit = 1 << 20
    static let workLimit = 4_000_000

    /// The text matches, whatever follows.
    static let accepted: UInt16 = 0
    /// It does not, whatever follows.
    static let refused: UInt16 = 1

    /// For each state, then each class: the next state.
    let table: FrozenTable<UInt16>
    /// How many classes there are.
    let columns: Int
    /// For each state, whether a text that ends there matches.
    let acceptsEnd: FrozenTable<Bool>
    let start: UInt16

    /// Nil when it grows beyond the limits.
    init?(_ program: PatternProgram) {
        var builder = AutomatonBuilder(program)
        guard builder.build() else { return nil }
        table = FrozenTable(builder.table)
        columns = program.alphabet.count
        acceptsEnd = FrozenTable(builder.acceptsEnd)
        start = builder.start
    }
}

/// Makes the deterministic automaton: a state is the set of steps that a text may have led to, before forks and
/// questions are followed, and what is known about the place (the powerset construction).
private struct AutomatonBuilder {
    struct State: Hashable {
        var kernel: [Int32]
        var place: PatternProgram.Place
    }

    let program: PatternProgram
    var table: [UInt16] = []
    var acceptsEnd: [Bool] = []
    var start: UInt16 = PatternAutomaton.refused
    private var numbers: [State: UInt16] = [:]
    private var states: [State] = []
    private var closure: PatternClosure
    private var work = 0

    init(_ program: PatternProgram) {
        self.program = program
        closure = PatternClosure(program)
    }

    mutating func build() -> Bool {
        let columns = program.alphabet.count
        // The two states that nothing leaves.
        table = Array(repeating: PatternAutomaton.accepted, count: columns)
        table += Array(repeating: PatternAutomaton.refused, count: columns)
        acceptsEnd = [true, false]
        let first = State(
            kernel: [Int32(program.start)],
            place: .init(isStart: program.asksStart, followsWord: false))
        guard let number = number(of: first) else { return false }
        start = number
        var index = 0
        while index < states.count {
            guard fill(states[index], UInt16(index + 2)) else { return false }
            index += 1
        }
        return true
    }

    private mutating func number(of state: State) -> UInt16? {
        if let known = numbers[state] { return known }
        let columns = program.alphabet.count
        guard states.count < PatternAutomaton.stateLimit,
            (states.count + 3) * columns <= PatternAutomaton.tableLimit
        else { return nil }
        let number = UInt16(states.count + 2)
        numbers[state] = number
        states.append(state)
        return number
    }

    private mutating func fill(_ state: State, _ number: UInt16) -> Bool {
        let columns = program.alphabet.count
        acceptsEnd.append(closure.follow(state.kernel, state.place, isEnd: true, nextIsWord: false))
        work += closure.reached.count
        var row: [UInt16] = Array(repeating: PatternAutomaton.refused, count: columns)
        var isStuck = !acceptsEnd[Int(number)]
        for nextIsWord in program.asksWords ? [false, true] : [false] {
            let accepts = closure.follow(state.kernel, state.place, isEnd: false, nextIsWord: nextIsWord)
            work += closure.reached.count
            for symbol in 0..<columns where !program.asksWords || program.wordClasses[symbol] == nextIsWord {
                if accepts {
                    row[symbol] = PatternAutomaton.accepted
                    isStuck = false
                    continue
                }
                work += closure.reached.count + 1
                guard work < PatternAutomaton.workLimit,
                    let next = self.number(
                        of: State(
                            kernel: closure.taking(symbol),
                            place: .init(isStart: false, followsWord: nextIsWord)))
                else { return false }
                row[symbol] = next
                if next != number { isStuck = false }
            }
        }
        if isStuck { row = Array(repeating: PatternAutomaton.refused, count: columns) }
        table += row
        return true
    }
}
