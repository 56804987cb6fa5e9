import TestSupport
import Testing

@Suite struct MigrationTests {
    @Test("migrations are applied in order and exactly once, also by many at once")
    func once() async throws {
        let server = try PostgresServer.shared()
        let url = try server.makeDatabase()
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<3 { group.addTask { try server.migrate(url) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs.sorted().last == "migrated 0001_users\nmigrated 0002_generated_users\n")
        #expect(outputs.filter(\.isEmpty).count == 2)
        #expect(try server.migrate(url).isEmpty)
    }
}
