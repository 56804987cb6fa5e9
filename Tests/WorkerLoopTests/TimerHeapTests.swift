import Testing

@testable import WorkerLoop

@Suite("The heap of timers")
struct TimerHeapTests {
    private func at(_ nanoseconds: UInt64) -> LoopInstant { LoopInstant(nanoseconds: nanoseconds) }

    private func drain(_ heap: inout TimerHeap<Int>, until now: UInt64) -> [Int] {
        var order: [Int] = []
        while let work = heap.popDue(at: at(now)) { order.append(work) }
        return order
    }

    @Test("entries leave in the order of their times")
    func order() {
        var heap = TimerHeap<Int>()
        for value in [5, 3, 9, 1, 7, 2, 8, 4, 6, 0] { _ = heap.insert(value, at: at(UInt64(value))) }
        #expect(heap.nextDeadline == at(0))
        #expect(drain(&heap, until: 4) == [0, 1, 2, 3, 4])
        #expect(heap.nextDeadline == at(5))
        #expect(drain(&heap, until: .max) == [5, 6, 7, 8, 9])
        #expect(heap.isEmpty)
    }

    @Test("entries of equal times leave in the order of insertion")
    func equalTimes() {
        var heap = TimerHeap<Int>()
        for value in 0..<20 { _ = heap.insert(value, at: at(7)) }
        #expect(drain(&heap, until: 7) == Array(0..<20))
    }

    @Test("a cancelled entry leaves at once, and only once")
    func cancel() {
        var heap = TimerHeap<Int>()
        let first = heap.insert(1, at: at(1))
        let second = heap.insert(2, at: at(2))
        #expect(heap.cancel(first) == 1)
        #expect(heap.cancel(first) == nil)
        #expect(heap.count == 1)
        #expect(drain(&heap, until: 9) == [2])
        #expect(heap.cancel(second) == nil)
    }

    @Test("the name of an entry that has left does not cancel the one that took its slot")
    func generations() {
        var heap = TimerHeap<Int>()
        let first = heap.insert(1, at: at(1))
        _ = heap.popDue(at: at(1))
        let second = heap.insert(2, at: at(2))
        #expect(first.slot == second.slot)
        #expect(heap.cancel(first) == nil)
        #expect(drain(&heap, until: 2) == [2])
    }

    @Test("random insertions and cancellations leave what a sorted list leaves", arguments: [1, 2, 3, 4, 5])
    func againstSortedList(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func random(below bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % bound
        }
        var heap = TimerHeap<Int>()
        var expected: [(time: UInt64, value: Int)] = []
        var ids: [Int: TimerHeap<Int>.ID] = [:]
        for value in 0..<2000 {
            let time = random(below: 500)
            ids[value] = heap.insert(value, at: at(time))
            expected.append((time, value))
            if random(below: 3) == 0 {
                let victim = Int(random(below: UInt64(value + 1)))
                if let id = ids.removeValue(forKey: victim) {
                    #expect(heap.cancel(id) == victim)
                    expected.removeAll { $0.value == victim }
                }
            }
        }
        expected.sort { ($0.time, $0.value) < ($1.time, $1.value) }
        #expect(drain(&heap, until: 1000) == expected.map(\.value))
    }
}
