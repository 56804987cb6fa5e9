import JSONCoding

/// `/status` laid out for a terminal.
public struct StatusReport {
    private struct Answer: Decodable {
        struct Function: Decodable {
            struct Workers: Decodable {
                let starting: Int
                let ready: Int
                let stopping: Int
            }
            let name: String
            let routes: [String]
            let version: String
            let workers: Workers
            let inFlight: Int
            let queued: Int
            let invocations: Int
            let coldStarts: Int
            let crashes: Int
            let p50: Double?
            let p99: Double?
        }
        struct Database: Decodable {
            let limit: Int
            let leased: Int
            let waiting: Int
        }
        let name: String
        let uptimeSeconds: Double
        let connections: Int
        let refusals: [String: Int]
        let database: Database?
        let functions: [Function]
    }

    /// One line on the server as a whole.
    public let headline: String
    /// One line on the database connections of all workers; nil where there is no database.
    public let database: String?
    /// The functions as a table, its heading first.
    public let rows: [[String]]

    /// Reads the JSON of `/status`.
    /// - Throws: `CommandFailure` when it is something else.
    public init(json: [UInt8]) throws {
        let answer: Answer
        do { answer = try JSONDecoding.decode(Answer.self, from: json) } catch {
            throw CommandFailure("The server's status cannot be read: \(error)")
        }
        let refused = answer.refusals.values.reduce(0, +)
        headline =
            "\(answer.name): up \(Self.duration(answer.uptimeSeconds)), \(answer.connections) connections"
            + (refused == 0 ? "" : ", \(refused) \(refused == 1 ? "request" : "requests") refused")
        database = answer.database.map {
            "database: \($0.leased) of \($0.limit) connections in use or kept, \($0.waiting) waited for"
        }
        rows =
            [
                [
                    "FUNCTION", "ROUTE", "VERSION", "WORKERS", "IN FLIGHT", "QUEUED", "CALLS", "COLD", "CRASHES",
                    "P50 MS", "P99 MS",
                ]
            ]
            + answer.functions.map { function in
                let workers = function.workers
                let total = workers.ready + workers.starting + workers.stopping
                return [
                    function.name, function.routes.joined(separator: ", "), function.version,
                    workers.starting + workers.stopping == 0
                        ? "\(total)" : "\(total) (\(workers.starting) starting, \(workers.stopping) stopping)",
                    "\(function.inFlight)", "\(function.queued)", "\(function.invocations)", "\(function.coldStarts)",
                    "\(function.crashes)", Self.milliseconds(function.p50), Self.milliseconds(function.p99),
                ]
            }
    }

    private static func milliseconds(_ value: Double?) -> String {
        guard let value else { return "-" }
        return "\((value * 100).rounded() / 100)"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds)
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return whole < 172_800 ? "\(whole / 3600) h" : "\(whole / 86_400) days"
    }
}
