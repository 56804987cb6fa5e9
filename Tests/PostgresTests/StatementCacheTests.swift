import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    private func name(_ number: Int) -> StatementName { StatementName(number: number) }

    @Test("a statement is prepared once")
    func once() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.ask([1]) == .unknown(.init(name: name(1))))
        #expect(cache.ask([1]) == .known(name(1)))
        #expect(cache.name([1]) == name(1))
        #expect(cache.name([2]) == nil)
    }

    @Test("the statement unused for longest gives way, and its name is given back")
    func oldest() {
        var cache = StatementCache(capacity: 2)
        _ = cache.ask([1])
        _ = cache.ask([2])
        _ = cache.name([1])
        #expect(cache.ask([3]) == .unknown(.init(released: [name(2)], name: name(3))))
        #expect(cache.name([1]) == name(1))
        #expect(cache.name([2]) == nil)
        #expect(cache.ask([4]) == .unknown(.init(released: [name(3)], name: name(4))))
        #expect(cache.count == 2)
    }

    @Test("a statement that was not prepared is asked for again, under another name")
    func failed() {
        var cache = StatementCache(capacity: 2)
        _ = cache.ask([1])
        cache.failed(name(1))
        #expect(cache.count == 0)
        #expect(cache.ask([1]) == .unknown(.init(name: name(2))))
    }

    @Test("a name that the server kept is given back the next time")
    func kept() {
        var cache = StatementCache(capacity: 1)
        _ = cache.ask([1])
        #expect(cache.ask([2]) == .unknown(.init(released: [name(1)], name: name(2))))
        cache.failed(name(2))
        cache.kept(name(1))
        #expect(cache.ask([3]) == .unknown(.init(released: [name(1)], name: name(3))))
    }

    @Test("a statement that no longer fits is prepared under another name, and the old one is given back")
    func outdated() {
        var cache = StatementCache(capacity: 2)
        _ = cache.ask([1])
        _ = cache.ask([2])
        cache.forget([1])
        cache.forget([3])
        #expect(cache.count == 1)
        #expect(cache.ask([2]) == .known(name(2)))
        #expect(cache.ask([1]) == .unknown(.init(released: [name(1)], name: name(3))))
    }

    @Test("after all was forgotten everything is given back at once, until the server did so")
    func forgotten() {
        var cache = StatementCache(capacity: 1)
        _ = cache.ask([1])
        _ = cache.ask([2])
        cache.forgetAll()
        #expect(cache.ask([2]) == .unknown(.init(releasesAll: true, name: name(3))))
        cache.forgetAll()
        #expect(cache.ask([2]) == .unknown(.init(releasesAll: true, name: name(4))))
        #expect(cache.ask([5]) == .unknown(.init(released: [name(4)], name: name(5))))
    }

    @Test("the same text with parameters of other types is another statement")
    func types() {
        #expect(StatementText("SELECT \(1)").key != StatementText("SELECT \("1")").key)
        #expect(StatementText("SELECT \(1)").key == StatementText("SELECT \(2)").key)
    }

    @Test(
        "what the server plans is prepared, all else is not",
        arguments: [
            ("SELECT 1", true), ("  \n select 1", true), ("(SELECT 1)", true), ("INSERT INTO t", true),
            ("Update t", true), ("DELETE FROM t", true), ("WITH a AS", true), ("VALUES (1)", true),
            ("MERGE INTO t", true), ("BEGIN", false), ("CREATE TABLE t ()", false), ("SELECTED", false),
            ("", false), ("SEL", false), ("DEALLOCATE ALL", false),
            ("SELECT '\(String(repeating: "x", count: 20_000))'", false),
        ])
    func preparable(text: String, isPreparable: Bool) {
        #expect(StatementText("\(unsafe: text)").isPreparable == isPreparable)
        #expect(!StatementText(.unprepared("\(unsafe: text)")).isPreparable)
        #expect(!StatementText("\(unsafe: text)\(.unprepared(""))").isPreparable)
    }
}
