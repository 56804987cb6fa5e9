import Foundation
import TestSupport
import Testing

/// One budget of connections for all workers of a served API.
@Suite(.timeLimit(.minutes(3))) struct SharedConnectionTests {
    @Test("50 workers under `connections: 20` never have more than 20, and all of them serve")
    func limit() throws {
        let database = try ShopDatabase.fresh()
        // The server itself refuses the connection that would be one too many.
        let role = "role_\(database.name)"
        try database.run("CREATE ROLE \(role) LOGIN CONNECTION LIMIT 20")
        try database.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(role)")
        // A statement takes 20 ms, or the clients could not keep all workers busy.
        let proxy = try FaultyProxy(to: .path(database.server.folder + "/.s.PGSQL.5432"))
        proxy.delay(milliseconds: 10)
        let scale = "scale: {min: 25, max: 25, concurrency: 1}"
        let served = try ServedAPI(
            functions: """
                  GetUser: {route: "GET /users/{id}", auth: required, uses: [database], \(scale)}
                  ListUsersV2: {route: GET /users, page: {style: cursor}, uses: [database], \(scale)}
                """,
            top: """
                database: {url: "${DATABASE_URL}", connections: 20, connectionTimeout: 10s}
                auth: {jwt: {secret: "${JWT_SECRET}", algorithms: [HS256]}}
                """,
            environment: [
                "DATABASE_URL": "postgresql://\(role)@127.0.0.1:\(proxy.port)/\(database.name)",
                "JWT_SECRET": TestToken.secret,
            ])
        eventually("all workers are there", within: .seconds(60)) { served.workers().count == 50 }

        let headers = try ShopCaller.support.headers
        let all = ["/users/42", "/users?limit=5"].map { target in
            Traffic(port: served.port, target: target, connections: 32, headers: headers)
        }
        defer { for traffic in all { traffic.stop() } }
        var most = 0
        var looks = 0
        try eventually("enough was answered", within: .seconds(60)) {
            let open = try database.server.run(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database.name)'")
            most = max(most, Int(open.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
            looks += 1
            return looks >= 50 && all.allSatisfy { $0.good >= 1000 }
        }
        // Those that are being opened or closed count too, and the server does not see them.
        eventually("all are lent") { (try? served.status()["database"] as? [String: Int])?["leased"] == 20 }
        for traffic in all {
            traffic.stop()
            // Nobody waited past the time, nor was a connection refused.
            #expect(traffic.failures == [:])
            #expect(traffic.broken.isEmpty, "\(traffic.broken.prefix(3))")
        }
        let workers = served.logLines().compactMap { line -> String? in
            guard line["status"] as? Int == 200, let worker = line["worker"] as? Int else { return nil }
            return "\(line["function"] ?? "") \(worker)"
        }
        #expect(Set(workers).count == 50, "each has had its turn")
        #expect(most <= 20)
    }
}
