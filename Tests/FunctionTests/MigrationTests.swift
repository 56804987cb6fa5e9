import TestSupport
import Testing

@Suite struct MigrationTests {
    static let names = [
        "0001_users", "0002_generated_users", "0003_products", "0004_orders", "0005_counting_users", "0006_passwords",
        "0007_counting_products",
    ]

    @Test("migrations are applied in order and exactly once, also by many at once")
    func once() async throws {
        let server = try PostgresServer.shared()
        let url = try server.makeDatabase()
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<3 { group.addTask { try server.migrate(url) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs.sorted().last == Self.names.map { "migrated \($0)\n" }.joined())
        #expect(outputs.filter(\.isEmpty).count == 2)
        #expect(try server.migrate(url).isEmpty)
    }

    @Test("the users to try things with share one hash, and nobody else is given it")
    func demoPassword() throws {
        let server = try PostgresServer.shared()
        let url = try server.makeMigratedDatabase()
        let database = String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
        let answer = try server.run(
            """
            SELECT count(*), count(password_hash), count(DISTINCT password_hash),
                min(password_hash) LIKE '$2a$10$%', min(password_hash) = crypt('swiftlet', min(password_hash))
            FROM users
            """, database: database)
        #expect(answer == "1000|1000|1|t|t\n")
    }

    @Test("a database that has users of its own gives none of them a password")
    func realUsers() throws {
        let server = try PostgresServer.shared()
        let url = try server.makeMigratedDatabase()
        let database = String(url.dropFirst("postgresql:///".count).prefix { $0 != "?" })
        try server.run(
            """
            DELETE FROM schema_migrations WHERE name = '0006_passwords';
            ALTER TABLE users DROP COLUMN password_hash;
            UPDATE users SET email = 'ada@shop.example.org' WHERE id = 1;
            INSERT INTO users (name, email, role) VALUES ('Ada', 'ada.lovelace.1@example.com', 'admin');
            """, database: database)
        try server.migrate(url)
        let without = try server.run(
            "SELECT id FROM users WHERE password_hash IS NULL ORDER BY id", database: database)
        #expect(without == "1\n1001\n")
    }
}
