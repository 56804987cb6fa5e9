import FunctionKit
import Postgres
import Shop
import Testing

@testable import CreateOrder

@Suite struct CreateOrderTests {
    @Test("an order takes its products from stock, costs what they cost, and its first event is written")
    func created() async throws {
        let startup = try shopStartup()
        let function = try await CreateOrder(startup)
        let answer = try await function.handle(
            .init(userId: 7, lines: [.init(productId: 9, quantity: 2), .init(productId: 3, quantity: 1)]),
            .test(caller: .support, method: .post, path: "/api/v1/orders"))
        let order = answer.value
        #expect(answer.location == "/api/v1/orders/\(order.id)")
        #expect(order.userId == 7)
        #expect(order.status == .placed)
        #expect(order.lines.map(\.productId) == [3, 9])
        #expect(order.lines.map(\.quantity) == [1, 2])
        #expect(order.totalCents == order.lines.reduce(0) { $0 + $1.quantity * $1.priceCents })
        #expect(order.totalCents > 0)

        let database = try await PostgresPool(startup)
        #expect(try await stock(database, 3) == 99)
        #expect(try await stock(database, 9) == 98)
        let events = try await database.query(
            "SELECT status FROM order_events WHERE order_id = \(order.id)", as: OrderStatus.self)
        #expect(events == [.placed])
    }

    @Test("of many at once exactly as many succeed as there are pieces, and nothing waits for ever")
    func lastPieces() async throws {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        try await database.execute("UPDATE products SET stock = 5 WHERE id = 1")
        // Two workers, each with connections of its own.
        let functions = [try await CreateOrder(startup), try await CreateOrder(startup)]
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 0..<24 {
                group.addTask {
                    await outcome {
                        _ = try await functions[number % 2].handle(
                            .init(userId: 1 + number, lines: [.init(productId: 1, quantity: 1)]),
                            .test(caller: .support))
                    }
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["done": 5, "CONFLICT": 19])
        #expect(try await stock(database, 1) == 0)
        #expect(try await count(database, "orders") == 5)
    }

    @Test("orders of the same products in different order of lines all succeed: there is no deadlock")
    func crossing() async throws {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        let functions = [try await CreateOrder(startup), try await CreateOrder(startup)]
        let products = [4, 11, 2, 8]
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                let turned = Array(products[(number % 4)...] + products[..<(number % 4)])
                let lines = (number % 8 < 4 ? turned : turned.reversed())
                group.addTask {
                    await outcome {
                        _ = try await functions[number % 2].handle(
                            .init(userId: 1, lines: lines.map { .init(productId: $0, quantity: 1) }),
                            .test(caller: .support))
                    }
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["done": 40])
        for product in products { #expect(try await stock(database, product) == 60) }
        #expect(try await count(database, "order_lines") == 160)
    }

    @Test("what is short is named, and then nothing at all is taken")
    func short() async throws {
        let startup = try shopStartup()
        let function = try await CreateOrder(startup)
        let error = await apiError {
            _ = try await function.handle(
                .init(
                    userId: 1,
                    lines: [
                        .init(productId: 6, quantity: 1), .init(productId: 5, quantity: 101),
                        .init(productId: 7, quantity: 100),
                    ]), .test(caller: .support))
        }
        #expect(error?.code == "CONFLICT")
        #expect(error?.message == "Not enough in stock of Spare Brush (product 5): 101 wanted, 100 left")
        #expect(
            error?.details == [.init(field: "lines[1].quantity", in: "body", message: "Only 100 left")])
        let database = try await PostgresPool(startup)
        for product in [5, 6, 7] { #expect(try await stock(database, product) == 100) }
        #expect(try await count(database, "orders") == 0)
    }

    @Test("a fault of the last statement undoes the ones before it")
    func rolledBack() async throws {
        let startup = try shopStartup()
        let database = try await PostgresPool(startup)
        try await database.execute("ALTER TABLE order_lines ADD CONSTRAINT no_lamps CHECK (product_id <> 13)")
        let function = try await CreateOrder(startup)
        await #expect(throws: PostgresError.self) {
            try await function.handle(
                .init(userId: 1, lines: [.init(productId: 12, quantity: 1), .init(productId: 13, quantity: 1)]),
                .test(caller: .support))
        }
        #expect(try await stock(database, 12) == 100)
        #expect(try await count(database, "orders") == 0)
        #expect(try await count(database, "order_events") == 0)
        // The connection that was rolled back serves the next.
        _ = try await function.handle(
            .init(userId: 1, lines: [.init(productId: 12, quantity: 1)]), .test(caller: .support))
    }

    @Test("a user and products that are not there are named by their fields, all of them")
    func unknown() async throws {
        let function = try await CreateOrder(shopStartup())
        let error = await apiError {
            _ = try await function.handle(
                .init(
                    userId: 99_999,
                    lines: [
                        .init(productId: 1, quantity: 1), .init(productId: 0, quantity: 1),
                        .init(productId: Int.max, quantity: 1),
                    ]), .test(caller: .support))
        }
        #expect(error?.status.code == 400)
        #expect(
            error?.details == [
                .init(field: "userId", in: "body", message: "There is no such user"),
                .init(field: "lines[1].productId", in: "body", message: "There is no such product"),
                .init(field: "lines[2].productId", in: "body", message: "There is no such product"),
            ])
    }

    @Test(
        "whose order it is: one's own, or for admins and support the one that is named",
        arguments: [
            (Caller.customer(7), nil, "7"), (.customer(7), 7, "7"), (.customer(7), 8, "FORBIDDEN"),
            (.customer(7), Int.max, "FORBIDDEN"), (.customer(7), -7, "FORBIDDEN"), (.support, 8, "8"),
            (.support, nil, "2"), (.admin, 8, "8"), (.admin, nil, "1"),
            (Caller(id: "reports", roles: ["support"]), 8, "8"),
            (Caller(id: "reports", roles: ["support"]), nil, "VALIDATION_ERROR"),
            (Caller(id: "7", roles: []), nil, "7"), (Caller(id: "someone", roles: ["customer"]), nil, "FORBIDDEN"),
            (Caller(id: "someone", roles: ["customer"]), 7, "FORBIDDEN"), (.anonymous, 7, "FORBIDDEN"),
            (Caller(id: "99999999999999999999", roles: ["customer"]), 7, "FORBIDDEN"),
        ] as [(Caller, Int?, String)])
    func owner(caller: Caller, userId: Int?, expected: String) {
        let input = CreateOrder.Input(userId: userId, lines: [.init(productId: 1, quantity: 1)])
        do throws(APIError) {
            let order = try NewOrder(input, from: caller)
            #expect("\(order.userId)" == expected)
        } catch {
            #expect(error.code == expected)
        }
    }

    @Test("a customer's order without a user is the customer's own, and a user who is gone is named")
    func own() async throws {
        let function = try await CreateOrder(shopStartup())
        let input = CreateOrder.Input(lines: [.init(productId: 1, quantity: 1)])
        let order = try await function.handle(input, .test(caller: .customer(40))).value
        #expect(order.userId == 40)
        let error = await apiError { _ = try await function.handle(input, .test(caller: .customer(99_999))) }
        #expect(error?.details == [.init(field: "userId", in: "body", message: "There is no such user")])
    }

    @Test("every fault of the form is told at once")
    func faults() throws {
        let error = #expect(throws: APIError.self) {
            try NewOrder(
                .init(
                    userId: 1,
                    lines: [
                        .init(productId: 1, quantity: 0), .init(productId: 2, quantity: 1001),
                        .init(productId: 1, quantity: 1),
                    ]), from: .support)
        }
        #expect(error?.code == "VALIDATION_ERROR")
        #expect(
            error?.details == [
                .init(field: "lines[0].quantity", in: "body", message: "Quantity must be 1 to 1000"),
                .init(field: "lines[1].quantity", in: "body", message: "Quantity must be 1 to 1000"),
                .init(field: "lines[2].productId", in: "body", message: "The product stands in lines[0] already"),
            ])
    }

    @Test("an order has 1 to 100 lines", arguments: [(0, false), (1, true), (100, true), (101, false)])
    func lineCount(count: Int, isValid: Bool) {
        let lines = (0..<count).map { CreateOrder.Input.Line(productId: $0, quantity: 1) }
        #expect(((try? NewOrder(.init(userId: 1, lines: lines), from: .support)) != nil) == isValid)
    }
}
