import Testing

@testable import Workers

@Suite("Parts of a pool")
struct PoolPartsTests {
    @Test(
        "the workers needed are the load over what one is to hold, within min and max",
        arguments: [
            (0, 0), (1, 1), (11, 1), (12, 2), (22, 2), (23, 3), (88, 8), (10_000, 8),
        ])
    func needed(load: Int, expected: Int) {
        #expect(NeededWorkers(min: 0, max: 8, concurrency: 16, target: 0.7).count(load: load) == expected)
    }

    @Test("one request at a time needs a worker for each, and min is always needed")
    func neededEdges() {
        let single = NeededWorkers(min: 2, max: 4, concurrency: 1, target: 0.7)
        #expect((0...6).map { single.count(load: $0) } == [2, 2, 2, 3, 4, 4, 4])
        #expect(NeededWorkers(min: 9, max: 4, concurrency: 0, target: 0).count(load: 0) == 4)
    }

    @Test("an order keeps what is added at the end, and loses what is removed, from anywhere")
    func order() {
        var order = LinkedOrder()
        for index in [3, 1, 4, 0] { order.append(index) }
        order.append(1)
        #expect(order.count == 4)
        order.remove(4)
        order.remove(4)
        order.remove(9)
        var found: [Int] = []
        while let first = order.first {
            found.append(first)
            order.remove(first)
        }
        #expect(found == [3, 1, 0])
        #expect(order.isEmpty)
    }

    @Test("only so many starts run at once, and the others follow in their order")
    func gate() {
        final class Nobody: ProcessOwner {
            func spawned(pid: Int32) {}
            func spawnFailed(_ failure: SpawnFailure) {}
            func exited(_ exit: ProcessExit, output: String) {}
        }
        func order(_ token: UInt64, _ function: String = "F") -> SpawnOrder {
            SpawnOrder(
                token: token, specification: WorkerSpecification(function: function, executable: "/f"), number: 1,
                socket: -1, owner: Nobody())
        }
        var gate = StartGate(limit: 2)
        #expect((1...5).map { gate.request(order($0)) } == [true, true, false, false, false])
        #expect(gate.withdraw(4)?.token == 4)
        #expect(gate.withdraw(1) == nil, "one that runs is not taken back")
        #expect(gate.ended(2)?.token == 3)
        #expect(gate.ended(2) == nil, "an end counts once")
        #expect(gate.ended(1)?.token == 5)
        #expect(gate.ended(3) == nil)
        #expect(gate.isEmpty)
        #expect(gate.ended(5) == nil)

        // Starts that take long hold up those of their own function alone.
        let slow = [order(6, "Slow"), order(7, "Slow"), order(8, "Slow")]
        #expect((slow + [order(9), order(10)]).map { gate.request($0) } == [true, true, false, false, false])
        #expect(gate.slow(6)?.token == 9)
        #expect(gate.slow(6) == nil, "it has had its time once")
        #expect(gate.slow(7)?.token == 10)
        #expect(gate.slow(4) == nil, "one that is over has had it")
        #expect(gate.request(order(11)) == false)
        #expect(gate.ended(9)?.token == 11)
        #expect(gate.ended(6) == nil, "both places of all are taken")
        #expect(gate.ended(10)?.token == 8)
        #expect(gate.ended(7) == nil)
        #expect(gate.isEmpty)
    }

    @Test("exits are told in words")
    func exits() {
        #expect(ProcessExit.signalled(11).description == "signal 11 (SIGSEGV)")
        #expect(ProcessExit.signalled(40).description == "signal 40")
        #expect(ProcessExit.exited(code: 3).description == "exit code 3")
    }

    @Test("failures become the errors of the contract")
    func failures() {
        let unavailable = PoolFailure.unavailable(retryAfter: .milliseconds(1_200)).error()
        #expect(unavailable.code == "FUNCTION_UNAVAILABLE")
        #expect(unavailable.status.code == 503)
        #expect(unavailable.headers["retry-after"] == "2")
        #expect(PoolFailure.timeout.error().status.code == 504)
        #expect(PoolFailure.crashed.error(cause: "why").cause == "why")
    }
}
