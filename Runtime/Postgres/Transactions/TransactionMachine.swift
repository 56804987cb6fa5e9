/// The order within one transaction: which of its levels is open, and whose statement the connection has.
///
/// The outermost level is the transaction, each further one a savepoint. Statements go to the innermost level only and
/// one at a time, in the order in which they came. No connection and no task is in here.
struct TransactionMachine: Sendable {
    /// Names a level; no two levels of a transaction have the same, not even one after the other.
    struct LevelID: Hashable, Sendable {
        var rawValue: Int
    }

    /// Names one request for the connection.
    struct TurnID: Hashable, Sendable {
        var rawValue: Int
    }

    /// What the shell has to do.
    enum Action: Equatable, Sendable {
        /// Let it use the connection; it ends by `finished`.
        case proceed(TurnID)
        /// Tell it that its level has ended.
        case refuseEnded(TurnID)
        /// Tell it that a level within its own is open.
        case refuseNested(TurnID)
    }

    /// Open until `end`; from `beginEnd` on only the statement that ends it passes.
    struct Level: Equatable, Sendable {
        var id: LevelID
        var isEnding = false
        /// Why its statements no longer succeed; the first reason.
        var failure: PostgresError?
    }

    private struct Waiter {
        var turn: TurnID
        var level: LevelID
        var isEnd: Bool
    }

    private(set) var levels: [Level]
    private(set) var isBusy = false
    private var waiters: [Waiter] = []
    private var lastLevel = 0
    private var lastTurn = 0

    init() { levels = [Level(id: LevelID(rawValue: 0))] }

    mutating func makeTurn() -> TurnID {
        lastTurn += 1
        return TurnID(rawValue: lastTurn)
    }

    /// A statement of a level wants the connection; `isEnd` for the one that ends the level.
    mutating func request(_ turn: TurnID, for level: LevelID, isEnd: Bool = false) -> [Action] {
        let waiter = Waiter(turn: turn, level: level, isEnd: isEnd)
        if let refusal = refusal(of: waiter) { return [refusal] }
        guard isBusy else {
            isBusy = true
            return [.proceed(turn)]
        }
        waiters.append(waiter)
        return []
    }

    /// A statement that waited no longer wants the connection. False if it did not wait.
    mutating func abandon(_ turn: TurnID) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.turn == turn }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// The statement that had the connection is done.
    mutating func finished() -> [Action] {
        isBusy = false
        var actions: [Action] = []
        while !isBusy, !waiters.isEmpty {
            let next = waiters.removeFirst()
            if let refusal = refusal(of: next) {
                actions.append(refusal)
            } else {
                isBusy = true
                actions.append(.proceed(next.turn))
            }
        }
        return actions
    }

    /// A savepoint was set: a level is open within the innermost.
    mutating func begin() -> LevelID {
        lastLevel += 1
        let id = LevelID(rawValue: lastLevel)
        levels.append(Level(id: id))
        return id
    }

    /// The closure of a level is through. Levels within it, which it left open, end with it.
    mutating func beginEnd(_ level: LevelID) {
        guard let index = levels.firstIndex(where: { $0.id == level }) else { return }
        levels.removeSubrange((index + 1)...)
        levels[index].isEnding = true
    }

    /// A level has ended.
    mutating func end(_ level: LevelID) {
        guard let index = levels.firstIndex(where: { $0.id == level }) else { return }
        levels.removeSubrange(index...)
    }

    /// A statement of the innermost level made it unusable.
    mutating func fail(_ error: PostgresError) {
        guard let last = levels.indices.last, levels[last].failure == nil else { return }
        levels[last].failure = error
    }

    /// Whether a level has not ended.
    func contains(_ level: LevelID) -> Bool { levels.contains { $0.id == level } }

    /// Why a level's statements no longer succeed; nil when they do.
    func failure(of level: LevelID) -> PostgresError? {
        levels.first { $0.id == level }?.failure
    }

    private func refusal(of waiter: Waiter) -> Action? {
        guard let level = levels.first(where: { $0.id == waiter.level }), level.isEnding == waiter.isEnd else {
            return .refuseEnded(waiter.turn)
        }
        return levels.last?.id == level.id ? nil : .refuseNested(waiter.turn)
    }
}
