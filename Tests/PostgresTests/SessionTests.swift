import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// How a session begins, and what becomes of it at the server when nobody is left.
@Suite(.timeLimit(.minutes(3))) struct SessionTests {
    @Test("values come back as they went, whatever the database's own settings are")
    func settings() async throws {
        let server = try PostgresServer.shared()
        let url = try server.makeDatabase()
        let name = String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
        for setting in [
            "datestyle = 'German, DMY'", "timezone = 'Asia/Kolkata'", "bytea_output = 'escape'",
            "extra_float_digits = 0", "intervalstyle = 'sql_standard'", "standard_conforming_strings = off",
            "client_encoding = 'LATIN1'",
        ] {
            try server.run("ALTER DATABASE \(name) SET \(setting)")
        }
        for options in ["", "&options=-c%20datestyle%3DSQL%20-c%20timezone%3DAmerica/New_York"] {
            try await withPool(url + options) { pool async throws in
                let moment = Date(microsecondsSince1970: 1_795_237_093_123_456)
                #expect(try await pool.queryOne("SELECT \(moment)", as: Date.self) == moment)
                let day = try #require(CalendarDate("2026-11-21"))
                #expect(try await pool.queryOne("SELECT \(day)", as: CalendarDate.self) == day)
                let bytes = Array("\\x a\\'".utf8) + [0, 255]
                #expect(try await pool.queryOne("SELECT \(bytes)", as: [UInt8].self) == bytes)
                #expect(try await pool.queryOne("SELECT \(0.1 + 0.2)", as: Double.self) == 0.1 + 0.2)
                #expect(try await pool.queryOne("SELECT \("ä\\名")::text", as: String.self) == "ä\\名")
            }
        }
    }

    @Test(
        "what changes the session is nobody else's: its connection is closed",
        arguments: [
            "SET application_name = 'mine'", "set session search_path = pg_temp", "SET ROLE pg_monitor",
            "RESET ALL", "LISTEN news", "CREATE TEMP TABLE mine (id int)",
            "CREATE OR REPLACE TEMP VIEW mine AS SELECT 1",
            "PREPARE mine AS SELECT 1", "/* note */ SET ROLE pg_monitor", "-- note\nSET/**/ROLE pg_monitor",
            "SELECT 1 AS id INTO TEMP mine", "DECLARE mine CURSOR WITH HOLD FOR SELECT 1",
        ])
    func changes(statement: String) async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            let process: SQL = "SELECT pg_backend_pid()"
            var last = try await pool.queryOne(process, as: Int.self)
            let ways: [@Sendable () async throws -> Void] = [
                { try await pool.execute("\(unsafe: statement)") }, { try await pool.batch(["\(unsafe: statement)"]) },
                { for try await _ in pool.rows("\(unsafe: statement)", as: Int.self) {} },
                {
                    try await pool.transaction { tx in
                        try await tx.execute("\(unsafe: statement)")
                        // The transaction goes on with it.
                        try await tx.execute("SELECT 1 WHERE false")
                    }
                },
            ]
            for way in ways {
                try await way()
                let next = try await pool.queryOne(process, as: Int.self)
                #expect(next != last)
                last = next
            }
        }
    }

    @Test("neither a role nor a table of somebody's own reaches the next one")
    func notInherited() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            let before = try await pool.queryOne("SELECT current_user::text", as: String.self)
            try await pool.execute("/* note */ SET ROLE pg_monitor")
            let after = try await pool.queryOne("SELECT current_user::text", as: String.self)
            #expect(after == before)
            try await pool.execute("/* note */ SELECT 1 AS id INTO TEMP mine")
            let error = await postgresError { try await pool.execute("SELECT * FROM mine") }
            #expect(error?.sqlState == .undefinedTable)
        }
    }

    @Test(
        "what is a transaction's own leaves the connection as it was",
        arguments: ["SET LOCAL application_name = 'mine'", "SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED"])
    func ownOfTransaction(statement: String) async throws {
        try await withPool(maximum: 1) { pool async throws in
            let process: SQL = "SELECT pg_backend_pid()"
            let before = try await pool.queryOne(process, as: Int.self)
            try await pool.transaction { tx in try await tx.execute("\(unsafe: statement)") }
            #expect(try await pool.queryOne(process, as: Int.self) == before)
            #expect(try await pool.queryOne("SHOW application_name", as: String.self) != "mine")
        }
    }

    @Test("a statement whose caller has vanished without a word is given up by the server")
    func vanished() async throws {
        let url = try PostgresServer.shared().makeDatabase()
        try await withPool(url, maximum: 1) { pool async throws in
            try await withPool(url, maximum: 1) { watcher async throws in
                let process = try await pool.queryOne("SELECT pg_backend_pid()", as: Int.self) ?? 0
                let running = Task { try await pool.execute("SELECT pg_sleep(3600)") }
                let isAtIt: SQL = "SELECT 1 FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep'"
                #expect(try await eventually { try await !watcher.query(isAtIt, as: Int.self).isEmpty })
                // As the kernel does with a process that is killed: the connection ends, and no request to cancel comes.
                let connection = pool.state.withLock { $0.connections.values.first }
                connection?.breakOff()
                #expect(await postgresError { _ = try await running.value }?.kind == .connection)
                let present: SQL = "SELECT 1 FROM pg_stat_activity WHERE pid = \(process)"
                #expect(try await eventually { try await watcher.query(present, as: Int.self).isEmpty })
            }
        }
    }

    @Test(
        "a server, or a proxy before it, that does not take all settings is served without them",
        arguments: ["client_connection_check_interval", "extra_float_digits"])
    func refused(setting: String) async throws {
        let server = try PostgresServer.shared()
        let front = try PickyFront(to: "\(server.folder)/.s.PGSQL.5432", refusing: setting)
        let url = "postgresql://postgres@127.0.0.1:\(front.port)/postgres?sslmode=disable"
        try await withPool(url, minimum: 1, maximum: 3) { pool async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            #expect(try await pool.queryOne("SELECT 1", as: Int.self) == 1)
            #expect(!pool.habits.takesNiceties)
        }
        // The first few at once may each find out; later ones know.
        #expect(front.refusals >= 1 && front.refusals <= 3)
    }

    @Test("a refusal for another reason is not taken for that")
    func otherRefusal() {
        let plain = PostgresError(.connection, "FATAL: database \"x\" does not exist")
        #expect(!ConnectionParameters.isRefusal(ofNiceties: plain))
        for setting in ConnectionParameters.niceties {
            let name = setting.prefix { $0 != "=" }
            let error = PostgresError(.connection, "FATAL: unrecognized configuration parameter \"\(name)\"")
            #expect(ConnectionParameters.isRefusal(ofNiceties: error))
        }
    }
}
