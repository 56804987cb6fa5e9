import FunctionKit

/// For the benchmarks: answers with as many users as `USERS` says, encoded anew for each request.
@main struct UserList: Function {
    struct User: Encodable, Sendable {
        let id: Int
        let name: String
        let email: String
        let role: String
        let createdAt: String
    }
    struct Users: Encodable, Sendable {
        let users: [User]
    }

    let answer: Users

    init(_ startup: Startup) async throws {
        let count = Int(try startup.require("USERS")) ?? 0
        answer = Users(
            users: (0..<count).map { number in
                User(
                    id: 1000 + number, name: "Anna Lovelace \(number)", email: "anna.\(number)@example.com",
                    role: number % 3 == 0 ? "admin" : "member", createdAt: "2025-11-21T04:48:00.123Z")
            })
    }

    func handle(_ input: NoInput, _ context: Context) async throws -> Users { answer }
}
