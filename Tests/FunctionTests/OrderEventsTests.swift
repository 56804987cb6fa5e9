import FunctionKit
import Postgres
import Shop
import Testing

@testable import OrderEvents

@Suite struct OrderEventsTests {
    /// A function and its database, in which the orders 1 and 2 were just placed.
    static func make() async throws -> (function: OrderEvents, database: PostgresPool) {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        try await database.execute("INSERT INTO orders (user_id, total_cents) VALUES (1, 100), (2, 200)")
        return (try await OrderEvents(startup), database)
    }

    static func set(_ status: OrderStatus, of order: Int, _ database: PostgresPool) async throws {
        try await database.execute("UPDATE orders SET status = \(status) WHERE id = \(order)")
    }

    @Test("events come as they happen, in their order, and the stream ends with the order")
    func live() async throws {
        let (function, database) = try await Self.make()
        let feed = try await function.feed(of: 1, after: 0, pause: .milliseconds(1))
        var seen: [OrderStatus] = []
        var ids: [Int] = []
        for try await event in feed {
            seen.append(event.status)
            ids.append(event.id)
            #expect(event.orderId == 1)
            // What comes next happens only after this was seen; the other order's events are none of ours.
            try await Self.set(.paid, of: 2, database)
            switch event.status {
            case .placed: try await Self.set(.paid, of: 1, database)
            case .paid: try await Self.set(.shipped, of: 1, database)
            case .shipped: try await Self.set(.delivered, of: 1, database)
            case .delivered, .cancelled: break
            }
        }
        #expect(seen == [.placed, .paid, .shipped, .delivered])
        #expect(ids == ids.sorted())
    }

    @Test("the stream ends when the order is deleted, for nothing can follow")
    func deleted() async throws {
        let (function, database) = try await Self.make()
        let feed = try await function.feed(of: 1, after: 0, pause: .milliseconds(1))
        var seen: [OrderStatus] = []
        for try await event in feed {
            seen.append(event.status)
            if event.status == .placed {
                try await Self.set(.paid, of: 1, database)
            } else {
                try await database.execute("DELETE FROM orders WHERE id = 1")
            }
        }
        #expect(seen == [.placed, .paid])
    }

    @Test("who was cut off goes on after the last event seen")
    func resumed() async throws {
        let (function, database) = try await Self.make()
        try await Self.set(.paid, of: 1, database)
        try await Self.set(.cancelled, of: 1, database)
        let ids = try await database.query(EventQueries.events(of: 1, after: 0), as: OrderEvent.self).map(\.id)
        #expect(ids.count == 3)
        for (index, last) in ([0] + ids).enumerated() {
            var seen: [Int] = []
            for try await event in try await function.feed(of: 1, after: last) {
                seen.append(event.id)
            }
            #expect(seen == Array(ids[index...]))
        }
    }

    @Test(
        "an id beyond the newest event does not silence the order: it comes from its beginning",
        arguments: [1, 1_000_000])
    func fromTheFuture(_ ahead: Int) async throws {
        let (function, database) = try await Self.make()
        // The other order's events are newer, and none of this one's.
        try await Self.set(.paid, of: 1, database)
        try await Self.set(.paid, of: 2, database)
        let newest =
            try await database.queryOne("SELECT max(id) FROM order_events WHERE order_id = 1", as: Int.self) ?? 0
        let feed = try await function.feed(of: 1, after: newest + ahead, pause: .milliseconds(1))
        var seen: [OrderStatus] = []
        for try await event in feed {
            seen.append(event.status)
            if event.status == .paid { try await Self.set(.cancelled, of: 1, database) }
        }
        #expect(seen == [.placed, .paid, .cancelled])
        // The newest itself is a good place to go on from, and nothing follows it.
        let last = try await database.queryOne("SELECT max(id) FROM order_events WHERE order_id = 1", as: Int.self) ?? 0
        #expect(try await function.feed(of: 1, after: last).first.isEmpty)
    }

    @Test("a change that changes nothing, and one that is rolled back, are no events")
    func nothing() async throws {
        let (_, database) = try await Self.make()
        struct Stop: Error {}
        try await database.execute("UPDATE orders SET status = 'placed', total_cents = 5 WHERE id = 1")
        await #expect(throws: Stop.self) {
            try await database.transaction { transaction in
                try await transaction.execute("UPDATE orders SET status = 'paid' WHERE id = 1")
                throw Stop()
            }
        }
        let events = try await database.query(EventQueries.events(of: 1, after: 0), as: OrderEvent.self)
        #expect(events.map(\.status) == [.placed])
    }

    @Test("more events than are fetched at a time come all")
    func many() async throws {
        let (function, database) = try await Self.make()
        try await database.execute(
            "INSERT INTO order_events (order_id, status) SELECT 1, 'paid' FROM generate_series(1, 250)")
        try await Self.set(.delivered, of: 1, database)
        var count = 0
        for try await _ in try await function.feed(of: 1, after: 0) { count += 1 }
        #expect(count == 252)
    }

    @Test("who asks again after the end is told to stop; before it the answer is a stream of events")
    func answers() async throws {
        let (function, database) = try await Self.make()
        let open = try await function.handle(.init(id: 1), .test(caller: .customer(1)))
        #expect(open.stream.status == .ok)
        #expect(open.stream.headers["content-type"] == "text/event-stream")
        try await Self.set(.cancelled, of: 1, database)
        let last = try await database.queryOne("SELECT max(id) FROM order_events", as: Int.self) ?? 0
        let over = try await function.handle(
            .init(id: 1), .test(caller: .customer(1), headers: ["Last-Event-ID": "\(last)"]))
        #expect(over.stream.status == .noContent)
        #expect(over.stream.headers["content-type"] == nil)
        let again = try await function.handle(.init(id: 1), .test(caller: .customer(1), headers: ["Last-Event-ID": ""]))
        #expect(again.stream.status == .ok)
    }

    @Test("an order that is not there is 404, and an id of an event that is none is named")
    func faults() async throws {
        let (function, _) = try await Self.make()
        #expect(
            await apiError { _ = try await function.handle(.init(id: 3), .test(caller: .admin)) } == .notFound("order"))
        for text in ["x", "-1", "1.5"] {
            let error = await apiError {
                _ = try await function.handle(
                    .init(id: 1), .test(caller: .customer(1), headers: ["Last-Event-ID": text]))
            }
            #expect(error?.details.map(\.field) == ["Last-Event-ID"])
        }
    }

    @Test("a client that goes away ends the waiting")
    func cancelled() async throws {
        let (function, _) = try await Self.make()
        let feed = try await function.feed(of: 1, after: 0, pause: .seconds(3600))
        let (started, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            for try await _ in feed { start.yield() }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test(
        "somebody else's order is not there, except for admins and support",
        arguments: [
            (Caller.customer(1), true), (.customer(2), false), (.support, true), (.admin, true), (.anonymous, false),
        ])
    func visibility(caller: Caller, isVisible: Bool) async throws {
        let (function, _) = try await Self.make()
        let error = await apiError { _ = try await function.handle(.init(id: 1), .test(caller: caller)) }
        #expect(error == (isVisible ? nil : .notFound("order")))
    }
}
