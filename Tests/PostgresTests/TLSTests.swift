import Foundation
import TestSupport
import Testing

@testable import Postgres

/// What `sslmode` means, against a real server with TLS and one without.
@Suite(.timeLimit(.minutes(3))) struct TLSTests {
    private static let one = Result { try PostgresServer.speakingTLS() }

    struct Case: Sendable, CustomTestStringConvertible {
        enum Authority: Sendable { case none, right, wrong }
        enum Outcome: Sendable, Equatable {
            case encrypted
            case plain
            /// What the message begins with.
            case refused(String)
        }

        var mode: String
        var host = "localhost"
        var authority = Authority.none
        var role = "postgres"
        var outcome: Outcome

        var testDescription: String { "\(mode) to \(host) as \(role), authority \(authority)" }
    }

    private static let otherHost = "The database's certificate is for another host"
    private static let unsigned = "The database's certificate is not signed by the authority that sslrootcert names"

    private func isEncrypted(_ pool: PostgresPool) async throws -> Bool? {
        try await pool.queryOne("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", as: Bool.self)
    }

    @Test(
        "sslmode says whether TLS is wanted, and how much the certificate counts",
        arguments: [
            Case(mode: "disable", outcome: .plain), Case(mode: "allow", outcome: .plain),
            Case(mode: "prefer", outcome: .encrypted), Case(mode: "require", outcome: .encrypted),
            Case(mode: "require", host: "127.0.0.1", outcome: .encrypted),
            Case(mode: "require", authority: .wrong, outcome: .refused(unsigned)),
            Case(mode: "verify-ca", authority: .right, outcome: .encrypted),
            Case(mode: "verify-ca", host: "127.0.0.1", authority: .right, outcome: .encrypted),
            Case(mode: "verify-ca", authority: .wrong, outcome: .refused(unsigned)),
            Case(mode: "verify-full", authority: .right, outcome: .encrypted),
            Case(mode: "verify-full", host: "127.0.0.1", authority: .right, outcome: .refused(otherHost)),
            Case(mode: "verify-full", authority: .wrong, outcome: .refused(unsigned)),
            Case(mode: "verify-full", outcome: .refused("root certificate file")),
            Case(mode: "require", role: "sealed", outcome: .encrypted),
            Case(mode: "allow", role: "sealed", outcome: .encrypted),
            Case(mode: "disable", role: "sealed", outcome: .refused("no encryption")),
        ])
    func modes(_ one: Case) async throws {
        let server = try Self.one.get()
        try server.run(
            "DO $$ BEGIN CREATE ROLE sealed LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority: String
        switch one.authority {
        // The user's own file, if there is one, is not to be found.
        case .none: authority = folder.appendingPathComponent("absent.pem").path
        case .right: authority = server.certificate
        case .wrong:
            // A certificate of the same name, which has not signed the server's.
            authority = try PostgresServer.makeCertificate(in: folder.path)
        }
        let url =
            "postgresql://\(one.role)@\(one.host):\(server.port ?? 0)/postgres?sslmode=\(one.mode)&sslrootcert=\(authority)"
        try await withPool(url, maximum: 1) { pool async throws in
            var outcome: Case.Outcome?
            let error = await postgresError {
                outcome = try await isEncrypted(pool) == true ? .encrypted : .plain
            }
            guard case .refused(let beginning) = one.outcome else {
                #expect(error == nil)
                #expect(outcome == one.outcome)
                return
            }
            #expect(error?.kind == .connection)
            #expect(error?.message.contains(beginning) == true, "\(error?.message ?? "no error")")
        }
    }

    @Test(
        "a server without TLS serves who only prefers it, and who requires it is told",
        arguments: ["prefer", "require"])
    func withoutTLS(mode: String) async throws {
        let server = try PostgresServer.shared()
        let front = try FaultyProxy(to: .path("\(server.folder)/.s.PGSQL.5432"))
        let url = "postgresql://postgres@127.0.0.1:\(front.port)/postgres?sslmode=\(mode)"
        try await withPool(url, maximum: 1) { pool async throws in
            var isOn: Bool?
            let error = await postgresError { isOn = try await isEncrypted(pool) }
            if mode == "prefer" {
                #expect(error == nil && isOn == false)
            } else {
                #expect(error?.kind == .connection)
                #expect(error?.message.hasPrefix("The database does not offer TLS, which sslmode requires") == true)
            }
        }
        withExtendedLifetime(front) {}
    }

    @Test("over TLS large statements, answers, batches, row streams and COPY pass, and connections are lent again")
    func traffic() async throws {
        let server = try Self.one.get()
        let name = try String(server.makeDatabase().dropFirst("postgresql:///".count).prefix { $0 != "?" })
        let url =
            "postgresql://postgres@localhost:\(server.port ?? 0)/\(name)?sslmode=verify-full&sslrootcert=\(server.certificate)"
        try await withPool(url, maximum: 1) { pool async throws in
            let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self)
            #expect(try await isEncrypted(pool) == true)
            let large = String(repeating: "x", count: 3 << 20)
            #expect(try await pool.queryOne("SELECT \(large)::text", as: String.self) == large)
            let filling = String(repeating: "y", count: 10_000)
            let results = try await pool.batch((0..<500).map { "SELECT \($0), \(filling)::text" })
            #expect(results.count == 500)
            try await pool.execute("CREATE TABLE t (id int, filling text)")
            let count = try await pool.copy(into: "t") { writer in
                for id in 0..<5000 { try await writer.write(id, "a line of text that is not very long") }
            }
            #expect(count == 5000)
            var sum = 0
            for try await id in pool.rows("SELECT id FROM t", as: Int.self) { sum += id }
            #expect(sum == 4999 * 2500)
            #expect(try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) == process)
        }
    }

    @Test("over TLS a cancelled statement is stopped in the server too")
    func cancelled() async throws {
        let server = try Self.one.get()
        let url = "postgresql://postgres@localhost:\(server.port ?? 0)/postgres?sslmode=require"
        try await withPool(url, maximum: 1) { pool async throws in
            let error = try await cancelWhileSleeping(pool, server.url()) {
                try await pool.execute("SELECT pg_sleep(3600)")
            }
            #expect(error is CancellationError)
        }
    }
}
