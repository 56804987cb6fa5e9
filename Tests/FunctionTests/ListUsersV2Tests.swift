import FunctionKit
import Shop
import Testing

@testable import ListUsersV2

@Suite struct ListUsersV2Tests {
    @Test("from page to page every user comes once, newest first", arguments: [7, 100, 999, 1000, 1001])
    func pages(limit: Int) async throws {
        let function = try await ListUsersV2(shopStartup())
        var users: [User] = []
        var after: String?
        repeat {
            let page = try await function.handle(
                .init(page: PageRequest(after: after, limit: limit)), .test())
            #expect(page.items.count <= limit)
            users += page.items
            guard case .next(let next) = page.continuation else {
                Issue.record("the page is counted, not continued")
                return
            }
            after = next
        } while after != nil
        #expect(users.count == 1000)
        for (first, second) in zip(users, users.dropFirst()) {
            #expect((first.createdAt, first.id) > (second.createdAt, second.id))
        }
    }

    @Test(
        "a position of another list is refused",
        arguments: ["", "7", "{}", "{\"microseconds\":\"x\",\"id\":1}"])
    func foreign(after: String) async throws {
        let function = try await ListUsersV2(shopStartup())
        let error = await apiError {
            _ = try await function.handle(.init(page: PageRequest(after: after, limit: 10)), .test())
        }
        #expect(error?.code == "BAD_REQUEST")
    }
}
