import Foundation
import Testing

/// An order's events over real sockets, real workers and a real PostgreSQL.
@Suite(.timeLimit(.minutes(2))) struct ShopEventTests {
    let shop: ServedShop
    var database: ShopDatabase { shop.database }

    init() throws {
        shop = try ServedShop()
        try database.run("INSERT INTO orders (user_id, total_cents) VALUES (43, 100), (44, 200)")
    }

    private func set(_ status: String, of order: Int = 1) throws {
        try database.run("UPDATE orders SET status = '\(status)' WHERE id = \(order)")
    }

    private func id(of status: String) throws -> Int {
        try database.number("SELECT id FROM order_events WHERE order_id = 1 AND status = '\(status)'")
    }

    /// Asks for the first order's events; the connection whose next bytes they are.
    private func open(after last: Int? = nil, as caller: ShopCaller = .customer) throws -> APIClient {
        let client = try shop.client(caller)
        try client.start("GET", "/orders/1/events", headers: last.map { ["Last-Event-ID: \($0)"] } ?? [])
        let head = try client.readHead()
        #expect(head.status == 200)
        #expect(head.header("content-type") == "text/event-stream")
        #expect(head.header("cache-control") == "no-store")
        return client
    }

    /// The names of all events that are still to come, once the stream has ended in order.
    private func rest(of client: APIClient) throws -> [String] {
        // Up to the last chunk, which is empty: an end in order.
        var events: [String] = []
        var line = ""
        while line != "0" {
            line = try client.readLine()
            if line.hasPrefix("event: ") { events.append(String(line.dropFirst("event: ".count))) }
        }
        return events
    }

    @Test("a change by SQL is an event at once, with its id and the order as it is; the stream ends with the order")
    func live() throws {
        let client = try open(as: .support)
        try client.read(until: "event: placed\nid: \(try id(of: "placed"))\ndata: ")
        let first = try JSONSerialization.jsonObject(with: Data(try client.readLine().utf8)) as? [String: Any]
        #expect(first?["orderId"] as? Int == 1)
        #expect(first?["status"] as? String == "placed")
        #expect(first?["at"] is String)
        try set("paid", of: 2)
        try set("paid")
        try client.read(until: "event: paid\nid: \(try id(of: "paid"))\n")
        try set("shipped")
        try client.read(until: "event: shipped\n")
        try set("delivered")
        #expect(try rest(of: client) == ["delivered"])
    }

    @Test("Last-Event-ID goes on where the stream broke off, and after the end it is 204")
    func resumed() throws {
        do {
            let client = try open()
            try client.read(until: "event: placed\n")
            try set("paid")
            try client.read(until: "event: paid\n")
        }
        eventually("the one that went away is over") {
            (try? shop.served.status(of: "OrderEvents")["inFlight"] as? Int) == 0
        }
        try set("shipped")
        let again = try open(after: try id(of: "paid"))
        try again.read(until: "event: shipped\n")
        try set("cancelled")
        #expect(try rest(of: again) == ["cancelled"])

        // Whoever asks for the whole of it has it, and is not kept waiting.
        #expect(try rest(of: open()) == ["placed", "paid", "shipped", "cancelled"])
        #expect(try rest(of: open(after: try id(of: "shipped"))) == ["cancelled"])
        let last = try id(of: "cancelled")
        let over = try shop.client(.customer).get("/orders/1/events", headers: ["Last-Event-ID: \(last)"])
        #expect(over.status == 204)
        #expect(over.body.isEmpty)
    }

    @Test("no such order, and somebody else's, is 404, and an id of an event that is none is named")
    func faults() throws {
        let client = try shop.client(.customer)
        for order in [2, 3] {
            let missing = try client.get("/orders/\(order)/events")
            #expect(missing.status == 404)
            #expect(try missing.errorCode() == "NOT_FOUND")
        }
        let malformed = try client.get("/orders/1/events", headers: ["Last-Event-ID: yesterday"])
        #expect(malformed.status == 400)
        #expect(malformed.text.contains(#""field":"Last-Event-ID""#))
        #expect(malformed.text.contains(#""in":"header""#))
    }

    @Test("listeners hold no connections to the database between two questions")
    func connections() throws {
        var listeners: [APIClient] = []
        for _ in 0..<40 {
            let client = try open()
            try client.read(until: "event: placed\n")
            listeners.append(client)
        }
        #expect(try shop.client(.customer).get("/orders/1").status == 200)
        let open = try database.number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        #expect(open <= 20)
        try set("delivered")
        for client in listeners { #expect(try rest(of: client) == ["delivered"]) }
    }
}
