import Foundation
import Testing

/// From an address and a password to a token, and what that opens.
@Suite(.timeLimit(.minutes(2))) struct SignInTests {
    let shop: ServedShop

    init() throws { shop = try ServedShop(environment: ["JWT_EXPIRES_IN": "15m"]) }

    private func signIn(_ email: String, _ password: String) throws -> Answer {
        let body = try JSONSerialization.data(withJSONObject: ["email": email, "password": password])
        return try shop.client(.nobody).post("/auth/token", json: String(decoding: body, as: UTF8.self))
    }

    /// A connection with the token that a sign-in gives.
    private func client(_ email: String, _ password: String = "swiftlet") throws -> APIClient {
        let answer = try signIn(email, password)
        let token = try #require(try answer.json()["accessToken"] as? String, "\(answer.text)")
        return try shop.client(headers: ["Authorization: Bearer \(token)"])
    }

    private func email(of id: Int) throws -> String {
        try shop.database.run("SELECT email FROM users WHERE id = \(id)")
    }

    @Test("a sign-in gives a token for a quarter of an hour, which nobody keeps")
    func token() throws {
        let answer = try signIn(email(of: 43), "swiftlet")
        #expect(answer.status == 200)
        #expect(answer.header("cache-control") == "no-store")
        let body = try answer.json()
        #expect(body["tokenType"] as? String == "Bearer")
        #expect(body["expiresIn"] as? Int == 900)
        let claims = try TestToken.claims(try #require(body["accessToken"] as? String))
        #expect(claims["sub"] as? String == "43")
        #expect(claims["roles"] as? [String] == ["customer"])
    }

    @Test("sign in, look at oneself, order, and see one's own orders only")
    func customer() throws {
        try shop.database.run("INSERT INTO orders (user_id, total_cents) VALUES (44, 100), (43, 200)")
        let client = try client(email(of: 43))
        #expect(try client.get("/users/43").json()["id"] as? Int == 43)
        #expect(try client.get("/users/44").errorCode() == "NOT_FOUND")
        #expect(try client.get("/users").errorCode() == "FORBIDDEN")
        let made = try client.post("/orders", json: #"{"lines":[{"productId":7,"quantity":2}]}"#)
        #expect(made.status == 201, "\(made.text)")
        #expect(try made.json()["userId"] as? Int == 43)
        let id = try #require(try made.json()["id"] as? Int)
        #expect(try client.get("/orders/\(id)").status == 200)
        #expect(try client.get("/orders/1").errorCode() == "NOT_FOUND")
        for query in ["", "?userId=44", "?userId=43"] {
            let orders = try #require(try client.get("/orders\(query)").json()["data"] as? [[String: Any]])
            #expect(orders.map { $0["id"] as? Int } == [id, 2])
        }
        let other = try client.post("/orders", json: #"{"userId":44,"lines":[{"productId":7,"quantity":1}]}"#)
        #expect(other.status == 403)
        #expect(try other.errorCode() == "FORBIDDEN")
        #expect(try shop.database.number("SELECT count(*) FROM orders WHERE user_id = 44") == 1)
    }

    @Test("who is created with a password signs in with it, and who has none does not")
    func created() throws {
        let admin = try client(email(of: 1))
        for (name, password) in [("with", #","password":"tr0ub4dor&3ß""#), ("without", "")] {
            let made = try admin.post("/users", json: #"{"name":"N","email":"\#(name)@example.com"\#(password)}"#)
            #expect(made.status == 201, "\(made.text)")
            #expect(!made.text.contains("password") && !made.text.contains("$2a$"))
        }
        let id = try shop.database.number("SELECT id FROM users WHERE email = 'with@example.com'")
        #expect(try client("with@example.com", "tr0ub4dor&3ß").get("/users/\(id)").status == 200)
        #expect(try signIn("with@example.com", "tr0ub4dor&3").status == 401)
        #expect(try signIn("without@example.com", "").status == 400)
        #expect(try signIn("without@example.com", "tr0ub4dor&3ß").status == 401)
        #expect(!shop.served.log.contains("tr0ub4dor"))
    }

    @Test("a wrong password and an address that nobody has get one and the same answer")
    func refused() throws {
        let answers = try [(email(of: 43), "wrong"), ("nobody@example.com", "swiftlet")].map { try signIn($0.0, $0.1) }
        for answer in answers {
            #expect(answer.status == 401)
            #expect(try answer.errorCode() == "INVALID_CREDENTIALS")
            let error = try answer.json()["error"] as? [String: Any]
            #expect(error?["message"] as? String == "The e-mail address or the password is wrong")
            #expect(error?["details"] == nil)
        }
    }

    @Test(
        "what is no sign-in at all is named",
        arguments: [
            #"{}"#, #"{"email":"a@example.com"}"#, #"{"email":1,"password":"x"}"#,
            #"{"email":"a@example.com\u0000","password":"x"}"#, #"{"email":"a@example.com","password":"x\u0000"}"#,
            #"{"email":"a@example.com","password":"x","admin":true}"#, #"{"email":null,"password":null}"#,
        ])
    func malformed(body: String) throws {
        let answer = try shop.client(.nobody).post("/auth/token", json: body)
        #expect(answer.status == 400)
        #expect(try answer.errorCode() == "VALIDATION_ERROR")
    }

    @Test("after a few guesses in a minute there are no more")
    func guesses() throws {
        let shop = try ServedShop(rateLimit: nil)
        let client = try shop.client(.nobody)
        var statuses: [Int] = []
        // One more comes every 6 s: even on a slow machine 60 are too many.
        while statuses.count < 60, statuses.last != 429 {
            statuses.append(
                try client.post("/auth/token", json: #"{"email":"a@example.com","password":"guess"}"#).status)
        }
        #expect(statuses.count > 10)
        #expect(Set(statuses.dropLast()) == [401])
        #expect(statuses.last == 429)
        #expect(try client.get("/hello").status == 200)
    }
}
