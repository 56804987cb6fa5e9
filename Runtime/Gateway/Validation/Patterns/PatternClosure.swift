/// What can be reached from a set of steps without taking a character; scratch that is used again and again.
struct PatternClosure {
    private let program: PatternProgram
    /// The steps that take a character, out of those reached last.
    private(set) var reached: [Int32] = []
    /// When each step was seen last.
    private var seen: [UInt32]
    private var round: UInt32 = 0
    private var stack: [Int32] = []

    init(_ program: PatternProgram) {
        self.program = program
        seen = Array(repeating: 0, count: program.steps.count)
    }

    private mutating func begin() {
        round &+= 1
        if round == 0 {
            for index in seen.indices { seen[index] = 0 }
            round = 1
        }
    }

    /// Follows forks and questions; true when the pattern is matched.
    mutating func follow(
        _ kernel: [Int32], _ place: PatternProgram.Place, isEnd: Bool, nextIsWord: Bool
    ) -> Bool {
        begin()
        reached.removeAll(keepingCapacity: true)
        stack.removeAll(keepingCapacity: true)
        stack.append(contentsOf: kernel)
        while let step = stack.popLast() {
            guard seen[Int(step)] != round else { continue }
            seen[Int(step)] = round
            switch program.steps[Int(step)] {
            case .accept: return true
            case .take: reached.append(step)
            case .fork(let one, let other):
                stack.append(Int32(other))
                stack.append(Int32(one))
            case .ask(let assertion, let next):
                if PatternProgram.holds(assertion, place, isEnd: isEnd, nextIsWord: nextIsWord) {
                    stack.append(Int32(next))
                }
            }
        }
        return false
    }

    /// Where a character of a class leads from what was reached; the search may also begin behind it.
    mutating func taking(_ symbol: Int) -> [Int32] {
        begin()
        var kernel = [Int32(program.start)]
        seen[program.start] = round
        for step in reached {
            guard case .take(let set, let next) = program.steps[Int(step)], program.has(set, symbol),
                seen[next] != round
            else { continue }
            seen[next] = round
            kernel.append(Int32(next))
        }
        return kernel.count > 2 ? kernel.sorted() : kernel
    }
}
