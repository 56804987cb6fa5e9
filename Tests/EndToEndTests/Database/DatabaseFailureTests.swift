import Foundation
import TestSupport
import Testing

/// PostgreSQL stopped, restarted, made slow, silent and reset while the API is under load.
@Suite(.serialized, .timeLimit(.minutes(3))) struct DatabaseFailureTests {
    /// What is done to it.
    enum Fault: String, CaseIterable {
        /// The server is stopped, and started again.
        case stopped
        /// The same without a pause.
        case restarted
        /// All connections are reset again and again.
        case resetting
        /// All connections are reset, and new ones too.
        case refusing
        /// Connections stay, and nothing passes any more.
        case silent
        /// Everything comes late.
        case slow
    }

    /// What only comes late is not to fail, on a busy machine neither.
    private static func functions(_ fault: Fault) -> String {
        """
          Hello: {route: GET /hello}
          GetUser: {route: "GET /users/{id}", auth: required, uses: [database], timeout: \(fault == .slow ? 5 : 1)s}
          GetRate: {route: "GET /rates/{currency}", env: {RATES_URL: "${RATES_URL}"}}
        """
    }

    @Test(
        "only the route that uses it fails, by the envelope, and within 2 s of its return all is well and stays so",
        arguments: Fault.allCases)
    func fault(fault: Fault) throws {
        let database = try ShopDatabase(server: PostgresServer())
        let proxy = try FaultyProxy(to: .path(database.server.folder + "/.s.PGSQL.5432"))
        let rates = try RatesServer { _ in RatesServer.answer(#"{"currency":"USD","rate":2}"#) }
        let isOurs = fault == .stopped || fault == .restarted
        let url = isOurs ? database.url : "postgresql://postgres@127.0.0.1:\(proxy.port)/postgres"
        let served = try ServedAPI(
            functions: Self.functions(fault), top: ServedShop.top + "\nlog: {requests: none}",
            environment: ["DATABASE_URL": url, "RATES_URL": rates.url, "JWT_SECRET": TestToken.secret])
        let users = Traffic(
            port: served.port, target: "/users/42", connections: 16, headers: try ShopCaller.support.headers)
        let others = [
            Traffic(port: served.port, target: "/hello", connections: 2),
            Traffic(port: served.port, target: "/rates/USD", connections: 1),
        ]
        defer { for traffic in others + [users] { traffic.stop() } }
        let start = ContinuousClock.now
        for traffic in others + [users] { eventually("a good start") { traffic.isWell(since: start) } }
        #expect(users.failures == [:])

        let before = others.map(\.good)
        switch fault {
        case .stopped, .restarted: try database.server.stop()
        case .resetting: proxy.reset()
        case .refusing: proxy.refuse()
        case .silent: proxy.hold()
        case .slow: proxy.delay(milliseconds: 100)
        }
        if fault == .slow {
            let good = users.good
            eventually("its answers come all the same: \(users.failures)") { users.good > good + 100 }
            #expect(users.failures == [:])
        } else if fault != .restarted {
            eventually("it fails") {
                // Each reset fails those that are under way.
                if fault == .resetting { proxy.reset() }
                return users.failed > 50
            }
        }
        if fault != .restarted {
            for (traffic, before) in zip(others, before) {
                eventually("the others go on") { traffic.good > before + 50 }
            }
        }

        if isOurs { try database.server.start() } else { proxy.pass() }
        let back = ContinuousClock.now
        eventually("recovery", within: .seconds(2)) { users.isWell(since: back) }
        let (good, failures) = (users.good, users.failures)
        eventually("more good answers") { users.good > good + 500 }
        #expect(users.failures == failures)

        #expect(users.broken.isEmpty, "\(users.broken.prefix(3))")
        #expect(
            Set(failures.keys).isSubset(of: [
                "500 INTERNAL_ERROR", "503 FUNCTION_UNAVAILABLE", "503 OVERLOADED", "504 FUNCTION_TIMEOUT",
            ]),
            "\(failures)")
        for traffic in others {
            #expect(traffic.failures == [:])
            #expect(traffic.broken.isEmpty, "\(traffic.broken.prefix(3))")
        }
    }
}
