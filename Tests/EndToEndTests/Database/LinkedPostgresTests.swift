import Foundation
import TestSupport
import Testing

/// What a release build's function has of libpq, which is a part of it where its archives could be had (Decisions/0008).
@Suite(.timeLimit(.minutes(2))) struct LinkedPostgresTests {
    static let functions = #"  ListUsersV2: {route: GET /users, page: {style: cursor}, uses: [database]}"#
    static let isPart = FileManager.default.fileExists(
        atPath: Release.root.appending(path: ".build/link/libpq.a").path(percentEncoded: false))

    private func serve(_ url: String) throws -> ServedAPI {
        try ServedAPI(
            functions: Self.functions, top: #"database: {url: "${DATABASE_URL}"}"#,
            environment: ["DATABASE_URL": url])
    }

    /// The names of the shared libraries that the only worker has loaded.
    private func libraries(of served: ServedAPI) throws -> Set<String> {
        let workers = served.workers()
        let worker = try #require(workers.first)
        #expect(workers.count == 1)
        // To its end: such a file has no size, and comes in parts.
        let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(worker)/maps")).readToEnd() ?? Data()
        let paths = String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap {
            $0.split(separator: " ").last
        }
        return Set(paths.filter { $0.contains(".so") }.compactMap { $0.split(separator: "/").last.map(String.init) })
    }

    @Test("the server's name is resolved, its certificate verified, and the password sent by SCRAM")
    func sealedAndLocked() throws {
        let database = try ShopDatabase(server: PostgresServer.speakingTLS())
        try database.run("CREATE ROLE locked LOGIN PASSWORD 'sesame'")
        try database.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO locked")
        let port = try #require(database.server.port)
        for (password, status) in [("sesame", 200), ("sesam", 503)] {
            let served = try serve(
                "postgresql://locked:\(password)@localhost:\(port)/postgres?sslmode=verify-full&channel_binding=require"
                    + "&sslrootcert=\(database.server.certificate)")
            #expect(try served.client().get("/users?limit=5").status == status, "\(served.log)")
        }
    }

    @Test("a start loads the C library and nothing of libpq's", .enabled(if: isPart))
    func alone() throws {
        let served = try serve(ShopDatabase.shared().url)
        #expect(try served.client().get("/users?limit=5").status == 200)
        let loaded = try libraries(of: served)
        #expect(loaded.contains { $0.hasPrefix("libc.so") })
        let more = loaded.filter { name in
            !["libc.", "libm.", "ld-linux", "libnss_"].contains { name.hasPrefix($0) }
        }
        #expect(more == [])
    }

    @Test("GSSAPI's library is opened when the URL asks for it")
    func late() throws {
        let server = try PostgresServer.speakingTLS()
        let port = try #require(server.port)
        let served = try serve("postgresql://postgres@127.0.0.1:\(port)/postgres?gssencmode=require")
        #expect(try served.client().get("/users?limit=5").status == 503)
        eventually("the log tells why: \(served.log)") {
            served.log.contains("GSSAPI encryption required but was impossible")
        }
        let loaded = try libraries(of: served)
        #expect(loaded.contains { $0.hasPrefix("libgssapi_krb5.so.2") }, "\(loaded)")
    }
}
