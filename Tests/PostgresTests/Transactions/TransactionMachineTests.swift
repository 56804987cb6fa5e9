import Testing

@testable import Postgres

@Suite struct TransactionMachineTests {
    typealias Level = TransactionMachine.LevelID
    typealias Turn = TransactionMachine.TurnID

    private let outer = Level(rawValue: 0)

    @Test("one statement has the connection, the others follow in turn")
    func inTurn() {
        var machine = TransactionMachine()
        let (first, second, third) = (machine.makeTurn(), machine.makeTurn(), machine.makeTurn())
        #expect(machine.request(first, for: outer) == [.proceed(first)])
        #expect(machine.request(second, for: outer) == [])
        #expect(machine.request(third, for: outer) == [])
        let (hasLeft, hadWaited) = (machine.abandon(second), machine.abandon(first))
        #expect(hasLeft && !hadWaited)
        #expect(machine.finished() == [.proceed(third)])
        #expect(machine.finished() == [])
        #expect(!machine.isBusy)
    }

    @Test("while a nested level is open, the outer one is refused, also who waited already")
    func nested() {
        var machine = TransactionMachine()
        let (savepoint, waiting, later) = (machine.makeTurn(), machine.makeTurn(), machine.makeTurn())
        _ = machine.request(savepoint, for: outer)
        _ = machine.request(waiting, for: outer)
        let inner = machine.begin()
        #expect(machine.finished() == [.refuseNested(waiting)])
        #expect(machine.request(later, for: outer) == [.refuseNested(later)])
        #expect(machine.request(later, for: inner) == [.proceed(later)])
        _ = machine.finished()
        machine.beginEnd(inner)
        machine.end(inner)
        #expect(machine.request(waiting, for: outer) == [.proceed(waiting)])
        _ = machine.finished()
        #expect(machine.request(later, for: inner) == [.refuseEnded(later)])
    }

    @Test("when a closure is through, only the end of its level passes")
    func ending() {
        var machine = TransactionMachine()
        let (running, waiting, end, late) = (
            machine.makeTurn(), machine.makeTurn(), machine.makeTurn(), machine.makeTurn()
        )
        _ = machine.request(running, for: outer)
        _ = machine.request(waiting, for: outer)
        machine.beginEnd(outer)
        #expect(machine.request(end, for: outer, isEnd: true) == [])
        #expect(machine.request(late, for: outer) == [.refuseEnded(late)])
        #expect(machine.finished() == [.refuseEnded(waiting), .proceed(end)])
        machine.end(outer)
        #expect(machine.request(late, for: outer) == [.refuseEnded(late)])
    }

    @Test("a failure belongs to the innermost level, and the first one counts")
    func failure() {
        var machine = TransactionMachine()
        let inner = machine.begin()
        machine.fail(PostgresError(.server, "first", sqlState: .deadlockDetected))
        machine.fail(PostgresError(.server, "second"))
        #expect(machine.failure(of: inner)?.message == "first")
        #expect(machine.failure(of: outer) == nil)
        machine.beginEnd(inner)
        machine.end(inner)
        #expect(machine.failure(of: inner) == nil)
    }

    @Test("the end of a level ends what is open within it")
    func abandonedWithin() {
        var machine = TransactionMachine()
        let inner = machine.begin()
        let end = machine.makeTurn()
        machine.beginEnd(outer)
        #expect(machine.levels.map(\.id) == [outer])
        #expect(machine.request(end, for: outer, isEnd: true) == [.proceed(end)])
        #expect(inner != outer)
    }
}
