/// A regular expression of a schema, ready to be searched for in time linear to the text.
///
/// ECMA-262 with the `u` flag (see `PatternParser`); it matches anywhere in the text unless `^` and `$` say otherwise.
final class Pattern: Sendable {
    /// The pattern as it was written.
    let source: String
    private let alphabet: PatternAlphabet
    private let automaton: PatternAutomaton?
    /// The class of each ASCII character.
    private let ascii: FrozenTable<UInt16>
    /// Run where the automaton would be too large.
    private let program: PatternProgram?

    /// Throws where the pattern is malformed, too large, or cannot be checked in linear time.
    ///
    /// - Parameter usesAutomaton: false runs the program even where the automaton would be small, for comparing the two.
    init(_ source: String, usesAutomaton: Bool = true) throws(PatternProblem) {
        guard source.utf8.count <= 8192 else {
            throw PatternProblem(message: "is longer than 8192 bytes", fix: "write a shorter one", offset: 0)
        }
        self.source = source
        let program = try PatternProgram(PatternParser.parse(source))
        alphabet = program.alphabet
        ascii = FrozenTable(program.alphabet.ascii)
        automaton = usesAutomaton ? PatternAutomaton(program) : nil
        self.program = automaton == nil ? program : nil
    }

    /// Whether the pattern is in a text of valid UTF-8. Each character costs at least one step of `budget`; nil when
    /// that is used up.
    func matches(_ text: UnsafeBufferPointer<UInt8>, budget: inout Int) -> Bool? {
        guard let automaton else { return program.flatMap { run($0, text, &budget) } }
        budget -= text.count >> 4 + 1
        guard budget >= 0 else { return nil }
        let ascii = ascii.base
        let table = automaton.table.base
        let columns = automaton.columns
        var state = Int(automaton.start)
        var index = 0
        while index < text.count {
            let byte = text[index]
            let symbol: Int
            if byte < 0x80 {
                symbol = Int(ascii[Int(byte)])
                index += 1
            } else {
                symbol = Int(alphabet.classOf(Pattern.scalar(text, &index)))
            }
            state = Int(table[state &* columns &+ symbol])
            if state <= PatternAutomaton.refused { return state == PatternAutomaton.accepted }
        }
        return automaton.acceptsEnd.base[state]
    }

    /// Runs the program itself, all its ways at once.
    private func run(
        _ program: PatternProgram, _ text: UnsafeBufferPointer<UInt8>, _ budget: inout Int
    ) -> Bool? {
        var closure = PatternClosure(program)
        var kernel = [Int32(program.start)]
        var place = PatternProgram.Place(isStart: true, followsWord: false)
        var index = 0
        budget -= program.steps.count >> 4
        while index < text.count {
            let symbol = Int(alphabet.classOf(Pattern.scalar(text, &index)))
            let isWord = program.asksWords && program.wordClasses[symbol]
            if closure.follow(kernel, place, isEnd: false, nextIsWord: isWord) { return true }
            budget -= closure.reached.count + kernel.count
            guard budget >= 0 else { return nil }
            kernel = closure.taking(symbol)
            place = .init(isStart: false, followsWord: isWord)
        }
        return closure.follow(kernel, place, isEnd: true, nextIsWord: false)
    }

    /// The scalar at `index`, which is moved behind it. The text is known to be UTF-8, and still nothing is read
    /// beyond its end.
    @inline(__always)
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = text[index]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (length == 1 ? 0x7F : 0xFF >> UInt32(length + 1))
        let end = min(index + length, text.count)
        index += 1
        while index < end {
            value = value << 6 | UInt32(text[index] & 0x3F)
            index += 1
        }
        return value
    }
}
