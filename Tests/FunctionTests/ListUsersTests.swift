import FunctionKit
import Shop
import Testing

@testable import ListUsers

@Suite struct ListUsersTests {
    @Test("pages are newest first, hold no user twice, and together hold all")
    func pages() async throws {
        let function = try await ListUsers(shopStartup())
        var users: [User] = []
        for number in 1...10 {
            let page = try await function.handle(
                .init(page: PageRequest(number: number, limit: 100)), .test())
            #expect(page.continuation == .total(1000))
            users += page.items
        }
        #expect(users.count == 1000)
        #expect(Set(users.map(\.id)).count == 1000)
        for (first, second) in zip(users, users.dropFirst()) {
            #expect((first.createdAt, first.id) > (second.createdAt, second.id))
        }
    }

    @Test("past the end there is no data, and the total stays", arguments: [11, 100_000, Int.max])
    func pastTheEnd(number: Int) async throws {
        let function = try await ListUsers(shopStartup())
        let page = try await function.handle(.init(page: PageRequest(number: number, limit: 100)), .test())
        #expect(page.items.isEmpty)
        #expect(page.continuation == .total(1000))
    }

    @Test("a role is counted and listed by itself", arguments: Role.allCases)
    func roles(role: Role) async throws {
        let function = try await ListUsers(shopStartup())
        let page = try await function.handle(.init(role: role, page: PageRequest(limit: 100)), .test())
        let totals: [Role: Int] = [.admin: 10, .support: 50, .customer: 940]
        #expect(page.continuation == .total(try #require(totals[role])))
        #expect(page.items.allSatisfy { $0.role == role })
        #expect(page.items.count == min(100, totals[role] ?? 0))
    }
}
