import Foundation
import Testing

/// Limits, other origins, compression and forms of errors, as the reference API has them.
@Suite(.timeLimit(.minutes(2))) struct ShopConventionTests {
    let shop: ServedShop

    init() throws { shop = try ServedShop() }

    @Test("a caller who orders too often is told to wait, and nobody else is")
    func callerLimit() throws {
        let shop = try ServedShop(rateLimit: nil)
        let client = try shop.client(.customer)
        let body = #"{"lines":[{"productId":7,"quantity":1}]}"#
        var answers: [Answer] = []
        // One more comes every 2 s: even on a slow machine 60 are too many.
        while answers.count < 60, answers.last?.status != 429 {
            answers.append(try client.post("/orders", json: body))
        }
        #expect(answers.count > 30)
        #expect(answers.dropLast().allSatisfy { $0.status == 201 })
        let last = try #require(answers.last)
        #expect(last.status == 429)
        #expect(try last.errorCode() == "RATE_LIMIT_EXCEEDED")
        #expect(last.header("retry-after").flatMap { Int($0) }.map { (1...60).contains($0) } == true)
        #expect(last.header("ratelimit-policy")?.contains(#""caller";q=30;w=60"#) == true)
        #expect(last.header("ratelimit")?.contains(#""caller";r=0"#) == true)
        #expect(answers[0].header("ratelimit")?.contains(#""caller";r=29"#) == true)
        #expect(answers[0].header("ratelimit-policy")?.contains(#""client""#) == true)
        #expect(try shop.client(.support).post("/orders", json: body).status == 201)
        #expect(try client.get("/orders").status == 200)
        let placed = try shop.database.number("SELECT count(*) FROM orders WHERE user_id = 43")
        #expect(placed == answers.count - 1)
    }

    @Test("a page of the app may ask first, without a token, and read the answer; other pages may not")
    func otherOrigins() throws {
        let app = "https://app.example.com"
        let client = try shop.client(.nobody)
        let asked = [
            "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization, idempotency-key",
        ]
        let preflight = try client.send("OPTIONS", "/orders", headers: ["Origin: \(app)"] + asked)
        #expect(preflight.status == 204)
        #expect(preflight.header("access-control-allow-origin") == app)
        #expect(preflight.header("access-control-allow-methods")?.contains("POST") == true)
        let allowed = preflight.header("access-control-allow-headers")?.lowercased() ?? ""
        for name in ["authorization", "content-type", "idempotency-key", "api-version", "x-api-key"] {
            #expect(allowed.contains(name), "\(allowed)")
        }
        #expect(preflight.header("access-control-max-age") == "3600")
        #expect(preflight.header("vary")?.lowercased().contains("origin") == true)

        let failed = try client.get("/orders", headers: ["Origin: \(app)"])
        #expect(failed.status == 401)
        #expect(failed.header("access-control-allow-origin") == app)
        let exposed = failed.header("access-control-expose-headers")?.lowercased() ?? ""
        #expect(exposed.contains("x-request-id") && exposed.contains("ratelimit"))
        for origin in ["https://evil.example.com", "null", app + ".evil.example", "http://app.example.com"] {
            let answer = try client.get("/hello", headers: ["Origin: \(origin)"])
            #expect(answer.status == 200)
            #expect(answer.header("access-control-allow-origin") == nil, "\(origin)")
        }
    }

    @Test("a long list is compressed for who takes it, and is the same list")
    func compressed() throws {
        let client = try shop.client(.nobody)
        let plain = try client.get("/products?limit=100")
        let zipped = try client.get("/products?limit=100", headers: ["Accept-Encoding: gzip, br"])
        #expect(plain.header("content-encoding") == nil)
        #expect(zipped.header("content-encoding") == "gzip")
        #expect(zipped.body.count < plain.body.count / 2)
        #expect(try Self.unzipped(zipped.body) == plain.body)
        for answer in [plain, zipped] {
            #expect(answer.header("vary")?.lowercased().contains("accept-encoding") == true)
        }
        for header in ["Accept-Encoding: gzip;q=0", "X-No-Compression: 1\r\nAccept-Encoding: gzip"] {
            #expect(try client.get("/products?limit=100", headers: [header]).body == plain.body)
        }
        #expect(try client.get("/hello", headers: ["Accept-Encoding: gzip"]).header("content-encoding") == nil)
    }

    private static func unzipped(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "swiftlet-\(UUID().uuidString).gz")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-dc", file.path(percentEncoded: false)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(data)
    }

    @Test("errors come as problem+json to who prefers that, of whatever kind they are")
    func problems() throws {
        for (caller, target, status, code) in [
            (ShopCaller.nobody, "/orders", 401, "NO_TOKEN"), (.customer, "/users", 403, "FORBIDDEN"),
            (.customer, "/orders/99", 404, "NOT_FOUND"), (.admin, "/orders?status=lost", 400, "VALIDATION_ERROR"),
            (.admin, "/users/99999999999999999999", 400, "VALIDATION_ERROR"),
        ] {
            let client = try shop.client(caller)
            let problem = try client.get(target, headers: ["Accept: application/problem+json"])
            #expect(problem.status == status)
            #expect(problem.header("content-type") == "application/problem+json")
            #expect(problem.header("cache-control") == "no-store")
            #expect(problem.header("vary")?.lowercased().contains("accept") == true)
            let body = try problem.json()
            #expect(body["type"] as? String == "about:blank")
            #expect(body["status"] as? Int == status)
            #expect(body["code"] as? String == code)
            #expect(body["requestId"] as? String == problem.header("x-request-id"))
            let plain = try client.get(target, headers: ["Accept: text/html"])
            #expect(try plain.errorCode() == code)
            #expect(plain.header("content-type") == "application/json")
        }
    }

    @Test(
        "numbers and texts that nobody would write are refused by their schema, or not found, and never a 500",
        arguments: [
            ("GET", "/users/0", "", 400), ("GET", "/users/-1", "", 400), ("GET", "/users/1e400", "", 400),
            ("GET", "/users/9007199254740991", "", 404), ("GET", "/users/9223372036854775808", "", 400),
            ("GET", "/orders/9223372036854775807", "", 400), ("GET", "/orders?userId=1e9999", "", 400),
            ("GET", "/orders?userId=9007199254740991", "", 200), ("GET", "/products?inStock=maybe", "", 400),
            ("GET", "/rates/%C3%9CSD", "", 400), ("GET", "/users?role=king", "", 400),
            ("POST", "/users", #"{"name":"a\u0000b","email":"a@example.com"}"#, 400),
            ("POST", "/users", #"{"name":"\ud800","email":"a@example.com"}"#, 400),
            ("POST", "/users", #"{"name":"N","email":"a@example.com","password":"\u00008765432"}"#, 400),
            ("POST", "/users", #"{"name":"N","email":"a@example.com","password":"short"}"#, 400),
            ("POST", "/users", #"{"name":"\uffff\u202e💥","email":"odd@example.com"}"#, 201),
            ("POST", "/users", #"{"name":"N","email":"b@example.com","admin":true}"#, 400),
            ("POST", "/orders", #"{"userId":9007199254740991,"lines":[{"productId":1,"quantity":1}]}"#, 400),
            ("POST", "/orders", #"{"userId":1e400,"lines":[{"productId":1,"quantity":1}]}"#, 400),
            ("POST", "/orders", #"{"lines":[{"productId":1.0,"quantity":1.0}]}"#, 201),
            ("POST", "/orders", #"{"lines":[{"productId":9007199254740991,"quantity":1}]}"#, 400),
            ("POST", "/orders", #"{"lines":[{"productId":1,"quantity":99999999999999999999}]}"#, 400),
            ("POST", "/orders", #"{"lines":null}"#, 400), ("POST", "/orders", "[]", 400),
        ])
    func odd(method: String, target: String, body: String, status: Int) throws {
        let headers = body.isEmpty ? [] : ["Content-Type: application/json"]
        let answer = try shop.client(.admin).send(
            method, target, headers: headers, body: body.isEmpty ? nil : Array(body.utf8))
        #expect(answer.status == status, "\(answer.text)")
    }
}
