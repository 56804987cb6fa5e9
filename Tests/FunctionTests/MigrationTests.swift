import TestSupport
import Testing

@Suite struct MigrationTests {
    static let names = ["0001_users", "0002_generated_users", "0003_products", "0004_orders", "0005_counting_users"]

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
}
