import FunctionKit
import Shop
import Testing

@testable import GetUser

@Suite struct GetUserTests {
    @Test("a user is found by its id")
    func found() async throws {
        let function = try await GetUser(shopStartup())
        let user = try await function.handle(.init(id: 1), .test(caller: .support))
        #expect(user.id == 1)
        #expect(user.name == "Alan Bartik")
        #expect(user.email == "alan.bartik.1@example.com")
        #expect(user.role == .admin)
    }

    @Test("a user that is not there is 404", arguments: [0, 999_999, Int.max])
    func missing(id: Int) async throws {
        let function = try await GetUser(shopStartup())
        let error = await apiError { _ = try await function.handle(.init(id: id), .test(caller: .admin)) }
        #expect(error == .notFound("user"))
    }

    @Test("on the wire a user has camel case and ISO 8601")
    func wire() async throws {
        let function = try await GetUser(shopStartup())
        var invocation = Context.test(caller: .customer(1), path: "/api/users/1").invocation
        invocation.parameters = [.init("id", "1")]
        let reply = await function.reply(to: invocation)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"id":1,"name":"Alan Bartik","email":"alan.bartik.1@example.com","role":"admin","createdAt":"2024-01-01T08:00:00.000Z"}"#
        )
    }

    @Test(
        "customers find only themselves",
        arguments: [
            (Caller.customer(42), true), (.customer(41), false), (.support, true), (.admin, true), (.anonymous, false),
            (Caller(id: "042", roles: ["customer"]), false), (Caller(id: "+42", roles: []), false),
            (Caller(id: "42", roles: []), true), (Caller(id: "", roles: ["customer"]), false),
        ])
    func visibility(caller: Caller, isVisible: Bool) async throws {
        let function = try await GetUser(shopStartup())
        let error = await apiError {
            let found = try await function.handle(.init(id: 42), .test(caller: caller))
            #expect(found.id == 42)
        }
        #expect(error == (isVisible ? nil : .notFound("user")))
    }
}
