import FunctionKit
import Postgres
import Shop
import Testing

@testable import CreateUser

@Suite struct CreateUserTests {
    @Test("a user is created, and the answer says where it is")
    func created() async throws {
        let function = try await CreateUser(shopStartup())
        let answer = try await function.handle(
            .init(name: "  Zoë Q.  ", email: "zoe@example.com"), .test(method: .post, path: "/api/v1/users"))
        #expect(answer.value.name == "Zoë Q.")
        #expect(answer.value.role == .customer)
        #expect(answer.value.id > 1000)
        #expect(answer.location == "/api/v1/users/\(answer.value.id)")
    }

    @Test("an address that a user has already is a conflict, however its letters are written")
    func conflict() async throws {
        let function = try await CreateUser(shopStartup())
        _ = try await function.handle(.init(name: "A", email: "same@example.com", role: "admin"), .test())
        for email in ["same@example.com", "SAME@Example.com"] {
            let error = await apiError {
                _ = try await function.handle(.init(name: "B", email: email), .test())
            }
            #expect(error?.code == "CONFLICT")
            #expect(error?.status.code == 409)
        }
    }

    @Test("of many at once with one address exactly one is created")
    func race() async throws {
        let function = try await CreateUser(shopStartup())
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let error = await apiError {
                        _ = try await function.handle(
                            .init(name: "N\(number)", email: "race@example.com"), .test())
                    }
                    return error?.code ?? "created"
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["created": 1, "CONFLICT": 19])
    }

    @Test("every fault is told at once")
    func faults() async throws {
        let function = try await CreateUser(shopStartup())
        let error = await apiError {
            _ = try await function.handle(.init(name: " \n ", email: "no", role: "king"), .test())
        }
        #expect(error?.code == "VALIDATION_ERROR")
        #expect(
            error?.details == [
                .init(field: "name", in: "body", message: "Name must have 1 to 200 characters"),
                .init(field: "email", in: "body", message: "Email format is invalid"),
                .init(field: "role", in: "body", message: "Role must be one of admin, support, customer"),
            ])
    }

    @Test("a name has 1 to 200 characters and no controls", arguments: [(200, true), (201, false)])
    func names(length: Int, isValid: Bool) async throws {
        let input = CreateUser.Input(name: String(repeating: "ß", count: length), email: "a@example.com")
        #expect(((try? NewUser(input)) != nil) == isValid)
        #expect(throws: APIError.self) { try NewUser(.init(name: "a\0b", email: "a@example.com")) }
    }

    @Test(
        "a password has 8 characters at least and 72 bytes at most",
        arguments: [
            ("1234567", false), ("12345678", true), ("ßßßßßßß", false), ("ßßßßßßßß", true), ("", false),
            (String(repeating: "p", count: 72), true), (String(repeating: "p", count: 73), false),
            (String(repeating: "ß", count: 36), true), (String(repeating: "ß", count: 37), false),
            ("1234\0 5678", false), ("  spaces stay  ", true),
        ])
    func passwords(password: String, isValid: Bool) {
        let input = CreateUser.Input(name: "A", email: "a@example.com", password: password)
        do throws(APIError) {
            let user = try NewUser(input)
            #expect(user.password == password)
            #expect(isValid)
        } catch {
            #expect(!isValid)
            #expect(error.details.map(\.field) == ["password"])
        }
    }

    @Test("of a password only its bcrypt hash is kept, and without one there is none")
    func hashed() async throws {
        let startup = try shopStartup()
        let function = try await CreateUser(startup)
        let answer = try await function.handle(
            .init(name: "A", email: "a@example.com", password: "tops3cret-ß"), .test())
        let other = try await function.handle(.init(name: "B", email: "b@example.com"), .test())
        let database = try await PostgresPool(startup)
        func hash(_ user: User) async throws -> String? {
            try await database.query("SELECT password_hash FROM users WHERE id = \(user.id)", as: String?.self).first
                ?? nil
        }
        #expect(try await hash(answer.value)?.hasPrefix("$2a$10$") == true)
        #expect(try await hash(other.value) == nil)
        let matches: SQL = "SELECT crypt('tops3cret-ß', password_hash) = password_hash FROM users"
        #expect(try await database.queryOne("\(matches) WHERE id = \(answer.value.id)", as: Bool.self) == true)
    }

    @Test(
        "addresses are taken or refused by their form",
        arguments: [
            ("a@example.com", true), ("a.b+c@sub.example.co", true), ("o'neill@example.com", true),
            ("ü@exämple.de", true),
            ("", false), ("a", false), ("@example.com", false), ("a@", false), ("a@localhost", false),
            ("a b@example.com", false),
            ("a@b@example.com", false), (".a@example.com", false), ("a..b@example.com", false),
            ("a@-example.com", false),
            ("a@example..com", false), ("a@example.com\nBcc: x", false),
            (String(repeating: "a", count: 65) + "@example.com", false),
            ("a@" + String(repeating: "b.", count: 130) + "com", false),
        ])
    func addresses(text: String, isValid: Bool) {
        #expect(EmailAddress.isValid(text) == isValid)
    }
}
