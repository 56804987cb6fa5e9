import Manifests
import OutboundHTTP
import Postgres
import WorkerLoop

/// Asks one service whether it is well.
struct HealthProbe: Sendable {
    private enum Client: Sendable {
        case postgres(PostgresPool)
        case http(HTTPClient, String)
    }

    private let client: Client
    private let loop: WorkerLoop

    /// A probe of this service on this loop.
    /// - Throws: when the service's URL makes no sense.
    init(_ service: HealthService, on loop: WorkerLoop) throws {
        self.loop = loop
        switch service.kind {
        case .postgres(let url):
            let configuration = PostgresConfiguration(
                url: url, maximumConnections: 1, connectionTimeout: HealthChecks.limit)
            client = .postgres(try PostgresPool(configuration, on: loop))
        case .http(let url):
            client = .http(try HTTPClient(on: loop), url)
        }
    }

    /// How long the service took to answer as it should; nil when it did not within the limit. PostgreSQL is asked
    /// `SELECT 1`; an HTTP service is to answer a GET with a status under 400.
    func check(within limit: Duration) async -> Duration? {
        let start = ContinuousClock.now
        do {
            try await withDeadline(limit, on: loop) {
                switch client {
                case .postgres(let pool):
                    let one: Int? = try await pool.queryOne("SELECT 1")
                    guard one == 1 else { throw CommandFailure("SELECT 1 is not 1") }
                case .http(let client, let url):
                    let answer = try await client.send(HTTPRequest("GET", url, timeout: limit))
                    guard answer.status < 400 else { throw CommandFailure("status \(answer.status)") }
                }
            }
        } catch {
            return nil
        }
        return start.duration(to: .now)
    }

    /// Closes what the probe holds open.
    func close() {
        switch client {
        case .postgres(let pool): pool.close()
        case .http(let client, _): client.close()
        }
    }
}
