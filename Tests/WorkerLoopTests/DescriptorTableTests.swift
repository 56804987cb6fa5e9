import CLinux
import Testing

@testable import WorkerLoop

@Suite("What epoll is told")
struct DescriptorTableTests {
    private let readEvents = clinux_epoll_in
    private let writeEvents = clinux_epoll_out
    private let once = clinux_epoll_oneshot

    private func token(_ descriptor: Int32, generation: UInt64) -> UInt64 {
        generation << 32 | UInt64(descriptor)
    }

    @Test("a first wait adds, a second one after the event changes, and an ended one costs nothing")
    func waits() {
        var table = DescriptorTable<String>()
        let first = table.addWait(5, id: 1, for: .read, "a")
        #expect(first == .add(events: readEvents | once, token: token(5, generation: 0)))
        #expect(table.accept(token(5, generation: 0)) == true)
        #expect(table.takeWait(5, readyFor: .write) == nil)
        #expect(table.takeWait(5, readyFor: .read) == "a")
        #expect(table.takeWait(5, readyFor: .read) == nil)
        #expect(table.settle(5) == nil)
        let second = table.addWait(5, id: 2, for: .read, "b")
        #expect(second == .modify(events: readEvents | once, token: token(5, generation: 0)))
    }

    @Test("a cancelled wait leaves the registration armed for the next one")
    func cancelledWait() {
        var table = DescriptorTable<String>()
        _ = table.addWait(5, id: 1, for: .read, "a")
        #expect(table.removeWait(5, id: 1) == "a")
        #expect(table.removeWait(5, id: 1) == nil)
        #expect(table.addWait(5, id: 2, for: .read, "b") == nil)
    }

    @Test("reading and writing are waited for together, and what remains is asked for again")
    func both() {
        var table = DescriptorTable<String>()
        _ = table.addWait(5, id: 1, for: .read, "reader")
        let both = readEvents | writeEvents | once
        let second = table.addWait(5, id: 2, for: .write, "writer")
        #expect(second == .modify(events: both, token: token(5, generation: 0)))
        #expect(table.accept(token(5, generation: 0)) == true)
        #expect(table.takeWait(5, readyFor: .read) == "reader")
        #expect(table.settle(5) == .modify(events: writeEvents | once, token: token(5, generation: 0)))
    }

    @Test("a watch is level-triggered, changes only by its interest, and leaves with an empty one")
    func watch() {
        var table = DescriptorTable<String>()
        let add = table.setWatch(5, id: 1, for: .read) { _ in }
        #expect(add == .add(events: readEvents, token: token(5, generation: 0)))
        #expect(table.accept(token(5, generation: 0)) == true)
        #expect(table.settle(5) == nil)
        #expect(table.changeWatch(5, id: 1, adding: .read, removing: []) == nil)
        let wider = table.changeWatch(5, id: 1, adding: .write, removing: [])
        #expect(wider == .modify(events: readEvents | writeEvents, token: token(5, generation: 0)))
        #expect(table.changeWatch(5, id: 1, adding: [], removing: [.read, .write]) == .remove)
        let again = table.changeWatch(5, id: 1, adding: .read, removing: [])
        #expect(again == .add(events: readEvents, token: token(5, generation: 1)))
        #expect(table.changeWatch(5, id: 9, adding: .write, removing: []) == nil)
        #expect(table.removeWatch(5, id: 9) == nil)
        #expect(table.removeWatch(5, id: 1) == .remove)
    }

    @Test("a wait beside a watch is added to it and taken away after it")
    func waitBesideWatch() {
        var table = DescriptorTable<String>()
        _ = table.setWatch(5, id: 1, for: .read) { _ in }
        let added = table.addWait(5, id: 2, for: .write, "writer")
        #expect(added == .modify(events: readEvents | writeEvents, token: token(5, generation: 0)))
        #expect(table.accept(token(5, generation: 0)) == true)
        #expect(table.takeWait(5, readyFor: .write) == "writer")
        #expect(table.settle(5) == .modify(events: readEvents, token: token(5, generation: 0)))
    }

    @Test("an event of a forgotten registration is refused")
    func staleEvent() {
        var table = DescriptorTable<String>()
        _ = table.addWait(5, id: 1, for: .read, "a")
        let (change, waiters) = table.forget(5)
        #expect(change == .remove)
        #expect(waiters == ["a"])
        #expect(table.accept(token(5, generation: 0)) == false)
        let next = table.addWait(5, id: 2, for: .read, "b")
        #expect(next == .add(events: readEvents | once, token: token(5, generation: 1)))
        #expect(table.accept(token(5, generation: 0)) == false)
        #expect(table.accept(token(5, generation: 1)) == true)
        #expect(table.accept(token(900, generation: 0)) == false)
    }

    @Test("a number that has come to another file keeps the newest wait only")
    func replaced() {
        var table = DescriptorTable<String>()
        _ = table.addWait(5, id: 1, for: .read, "old")
        _ = table.addWait(5, id: 2, for: .write, "new")
        let (change, stale) = table.replace(5, keeping: 2)
        #expect(stale == ["old"])
        #expect(change == .add(events: writeEvents | once, token: token(5, generation: 1)))
    }

    @Test("a new epoll is told everything that is still waited for, and nothing else")
    func registerAll() {
        var table = DescriptorTable<String>()
        _ = table.addWait(3, id: 1, for: .read, "a")
        _ = table.setWatch(4, id: 2, for: [.read, .write]) { _ in }
        _ = table.addWait(6, id: 3, for: .read, "c")
        _ = table.removeWait(6, id: 3)
        let changes = table.registerAll()
        #expect(changes.map(\.descriptor) == [3, 4])
        #expect(changes.first?.change == .add(events: readEvents | once, token: token(3, generation: 1)))
        #expect(
            changes.last?.change == .add(events: readEvents | writeEvents, token: token(4, generation: 1)))
    }
}
