import TestSupport
import Testing
import WorkerLoop

@testable import Postgres

@Suite struct ReachingTests {
    @Test("without a server a statement fails at once, and says that it is the connection")
    func refused() async throws {
        try await withPool("postgresql:///x?host=/tmp/no-such-folder") { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1") }
            #expect(error?.kind == .connection)
        }
        try await withPool("postgresql://127.0.0.1:1/x") { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1") }
            #expect(error?.kind == .connection)
            #expect(error?.message.contains("refused") == true)
        }
    }

    @Test("a host that does not exist is the connection's error")
    func noHost() async throws {
        try await withPool("postgresql://no-such-host.invalid/x") { pool async throws in
            #expect(await postgresError { try await pool.execute("SELECT 1") }?.kind == .connection)
        }
    }

    @Test("a server that says nothing fails the statement when the connection timeout has passed")
    func silent() async throws {
        let listener = try SilentListener()
        let url = "postgresql://127.0.0.1:\(listener.port)/x?sslmode=disable"
        try await withPool(url, timeout: .milliseconds(200)) { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1") }
            #expect(error?.kind == .connection || error?.kind == .poolTimeout)
        }
    }

    @Test(
        "a wrong password and a database that is not there are the connection's errors, with the server's words"
    )
    func wrongDetails() async throws {
        let server = try PostgresServer.shared()
        try server.run(
            "DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        let base = "host=\(server.folder) dbname=postgres user=locked"
        try await withPool("\(base) password=right") { pool async throws in
            #expect(try await pool.queryOne("SELECT current_user", as: String.self) == "locked")
        }
        try await withPool("\(base) password=wrong") { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1") }
            #expect(error?.kind == .connection)
            #expect(error?.message.contains("password authentication failed") == true)
            #expect(error?.description.contains("wrong") == false)
        }
        try await withPool(server.url("nowhere")) { pool async throws in
            let error = await postgresError { try await pool.execute("SELECT 1") }
            #expect(error?.message.contains("does not exist") == true)
        }
    }

    @Test("a server that goes and comes back is reached again without anybody's help")
    func restart() async throws {
        let server = try PostgresServer()
        try await withPool(server.url(), minimum: 1, maximum: 2) { pool async throws in
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            let running = Task { try await pool.execute("SELECT pg_sleep(3600)") }
            #expect(
                try await eventually {
                    try await pool.queryOne(
                        "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'",
                        as: Int.self) == 1
                })
            try server.stop()
            #expect(await postgresError { _ = try await running.value }?.kind == .connection)
            #expect(await postgresError { try await pool.execute("SELECT 1") }?.kind == .connection)
            try server.start()
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
        }
    }
}
