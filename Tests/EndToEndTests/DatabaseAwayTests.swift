import Foundation
import TestSupport
import Testing

/// PostgreSQL stopped and started again under a running API.
@Suite struct DatabaseAwayTests {
    static let functions = """
          Hello: {route: GET /hello}
          GetUser: {route: "GET /users/{id}", auth: required, uses: [database]}
        """

    @Test(
        "while the database is away health is 503, its handlers answer by the envelope, and all recover by themselves")
    func away() throws {
        let database = try ShopDatabase(server: PostgresServer())
        let served = try ServedAPI(
            functions: Self.functions,
            top: ServedShop.top + "\nhealth: {every: 100ms, services: {database: {postgres: \"${DATABASE_URL}\"}}}",
            environment: ["DATABASE_URL": database.url, "JWT_SECRET": TestToken.secret])
        let client = try APIClient(port: served.port, headers: ShopCaller.support.headers)
        eventually("healthy at first") { (try? client.get("/health").status) == 200 }
        #expect(try client.get("/users/42").status == 200)

        try database.server.stop()
        eventually("unhealthy") { (try? client.get("/health").status) == 503 }
        let health = try client.get("/health")
        #expect(try health.json()["status"] as? String == "unhealthy")
        #expect(!health.text.contains(database.server.folder))
        let start = ContinuousClock.now
        let failed = try client.get("/users/42")
        #expect(failed.status == 503 && failed.header("retry-after") == "1")
        #expect(try failed.errorCode() == "FUNCTION_UNAVAILABLE")
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(try client.get("/hello").status == 200)

        try database.server.start()
        eventually("the handler recovers") { (try? client.get("/users/42").status) == 200 }
        eventually("healthy again") { (try? client.get("/health").status) == 200 }
    }

    @Test("a stream of events goes on when the database comes back")
    func events() throws {
        let database = try ShopDatabase(server: PostgresServer())
        let served = try ServedAPI(
            functions: Self.functions
                + "\n  OrderEvents: {route: \"GET /orders/{id}/events\", auth: required, uses: [database]}",
            top: ServedShop.top, environment: ["DATABASE_URL": database.url, "JWT_SECRET": TestToken.secret])
        try database.run("INSERT INTO orders (user_id, total_cents) VALUES (43, 100)")
        let follower = try APIClient(port: served.port, headers: ShopCaller.support.headers)
        try follower.start("GET", "/orders/1/events")
        try follower.read(until: "event: placed\n")

        try database.server.stop()
        eventually("it is asked in vain") { served.log.contains("the database is away") }
        try database.server.start()
        try database.run("UPDATE orders SET status = 'paid' WHERE id = 1")
        try follower.read(until: "event: paid\n")
    }
}
