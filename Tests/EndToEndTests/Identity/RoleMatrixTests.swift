import Foundation
import TestSupport
import Testing

/// Every route of the reference API, asked by everybody.
@Suite(.timeLimit(.minutes(3))) struct RoleMatrixTests {
    @Test("every caller gets what the table says, and HEAD gets what GET gets", arguments: ShopRoute.all)
    func matrix(route: ShopRoute) throws {
        let rates = try RatesServer { _ in RatesServer.answer(#"{"currency":"USD","rate":2}"#) }
        let shop = try ServedShop(environment: ["RATES_URL": rates.url])
        try shop.database.run(
            """
            INSERT INTO orders (user_id, total_cents) VALUES (43, 100), (44, 200);
            UPDATE orders SET status = 'delivered';
            """)
        for (caller, expected) in zip(ShopCaller.allCases, route.statuses) {
            let body = route.body?.replacing("UNIQUE", with: UUID().uuidString.lowercased())
            let headers = body == nil ? [] : ["Content-Type: \(route.type)"]
            let answer = try shop.client(caller).send(
                route.method, route.target, headers: headers, body: body.map { Array($0.utf8) })
            #expect(answer.status == expected, "\(caller): \(answer.text)")
            if route.method == "GET" {
                let head = try shop.client(caller).send("HEAD", route.target)
                #expect(head.status == expected, "HEAD, \(caller)")
                #expect(head.body.isEmpty)
            }
            try check(answer, of: caller)
        }
        #expect(!shop.served.log.contains(ShopCaller.goodKey))
        #expect(!shop.served.log.contains(TestToken.secret))
        #expect(!shop.served.log.contains("eyJ"))
    }

    /// What a refusal says, and what it asks for.
    private func check(_ answer: Answer, of caller: ShopCaller) throws {
        let challenges = answer.headers.filter { $0.name == "www-authenticate" }.map(\.value).joined(separator: ", ")
        switch answer.status {
        case 401:
            #expect(try answer.errorCode() == (caller == .nobody ? "NO_TOKEN" : "INVALID_TOKEN"))
            #expect(challenges.contains(#"Bearer realm="shop""#), "\(challenges)")
            #expect(challenges.contains(#"ApiKey realm="shop""#), "\(challenges)")
            #expect(challenges.contains(#"error="invalid_token""#) == (caller != .nobody), "\(challenges)")
        case 403: #expect(try answer.errorCode() == "FORBIDDEN")
        case 404: #expect(try answer.errorCode() == "NOT_FOUND")
        case 400: #expect(try answer.errorCode() == "VALIDATION_ERROR")
        default: break
        }
    }

    @Test("the table has every route of the manifest, and no other")
    func complete() throws {
        let text = try String(contentsOf: Release.root.appending(path: "manifest.yaml"), encoding: .utf8)
        let routes = text.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            return words.count == 2 && words[0] == "route" ? words[1] : nil
        }
        #expect(routes.count == 13)
        #expect(Set(routes) == Set(ShopRoute.all.map(\.route)))
    }

    @Test("two credentials at once are refused, and so are two tokens, whoever they are of")
    func twice() throws {
        let shop = try ServedShop()
        let (admin, key) = try (ShopCaller.admin.headers, ShopCaller.key.headers)
        for headers in [admin + key, admin + admin, key + key] {
            let answer = try shop.client(headers: headers).get("/users")
            #expect(answer.status == 400)
            #expect(try answer.errorCode() == "BAD_REQUEST")
        }
    }

    @Test("a token is good within the leeway of half a minute, and not beyond it")
    func leeway() throws {
        let shop = try ServedShop()
        for (lifetime, expected) in [(-20, 200), (-40, 401)] {
            let header = try ShopCaller.bearer("43", "customer", lifetime: lifetime)
            #expect(try shop.client(headers: [header]).get("/users/43").status == expected)
        }
    }

    @Test(
        "a token whose subject is no user of the shop sees nothing",
        arguments: ["043", "+43", "alice", "99999999999999999999999", "-43", "43 "])
    func strangeSubjects(id: String) throws {
        let shop = try ServedShop()
        try shop.database.run("INSERT INTO orders (user_id, total_cents) VALUES (43, 100)")
        let client = try shop.client(headers: [ShopCaller.bearer(id, "customer")])
        #expect(try client.get("/users/43").status == 404)
        #expect(try client.get("/orders/1").status == 404)
        let list = try client.get("/orders").json()
        #expect((list["data"] as? [Any])?.isEmpty == true)
        let order = try client.post("/orders", json: #"{"userId":43,"lines":[{"productId":7,"quantity":1}]}"#)
        #expect(order.status == 403)
    }
}
