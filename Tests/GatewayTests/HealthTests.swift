import Testing
import WireProtocol

@testable import Gateway

@Suite("Health")
struct HealthTests {
    @Test("health names each service and how long it took, and no more")
    func services() throws {
        let fixture = GatewayFixture()
        fixture.health.set(
            HealthSnapshot(services: [
                .init(name: "database", isHealthy: true, latency: .microseconds(1200)),
                .init(name: "rates", isHealthy: false, isRequired: false),
            ]))
        let response = try fixture.send(.get, "/health")
        #expect(response.status == .ok)
        #expect(
            response.text == #"{"status":"healthy","timestamp":"2026-11-21T02:55:00.123Z","services":"#
                + #"{"database":{"status":"healthy","latencyMs":1.2},"rates":{"status":"unhealthy"}}}"#)
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.headers["cache-control"] == "no-store")
        #expect(!response.headers.contains("vary"))
    }

    @Test("a required service that fails makes it 503")
    func unhealthy() throws {
        let fixture = GatewayFixture()
        fixture.health.set(HealthSnapshot(services: [.init(name: "database", isHealthy: false)]))
        let response = try fixture.send(.get, "/health")
        #expect(response.status == Status(503))
        #expect(response.text.hasPrefix(#"{"status":"unhealthy","#))
    }

    @Test(
        "ready follows the shutdown, live does not",
        arguments: [
            ("/health/live", true, 200), ("/health/live", false, 200), ("/health/ready", true, 200),
            ("/health/ready", false, 503),
        ])
    func readiness(path: String, isReady: Bool, status: UInt16) throws {
        let fixture = GatewayFixture()
        fixture.health.set(HealthSnapshot(), isReady: isReady)
        let response = try fixture.send(.get, path)
        #expect(response.status == Status(status))
        #expect(response.text == #"{"status":"\#(status == 200 ? "healthy" : "unhealthy")"}"#)
        #expect(fixture.observer.records.first?.route == path)
    }

    @Test("HEAD asks the same", arguments: ["/health", "/health/live", "/health/ready"])
    func head(path: String) throws {
        #expect(try GatewayFixture().send(.head, path).status == .ok)
    }

    @Test(
        "health stands beside the prefix, not behind it",
        arguments: ["/api/health", "/health/", "/health/x", "/healthy", "/health/live/"])
    func otherPaths(path: String) throws {
        #expect(try GatewayFixture().send(.get, path).status == Status(404))
    }
}
