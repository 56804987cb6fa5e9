import Foundation
import Testing

/// The reference API of the repository's own manifest, over real sockets, real workers and a real PostgreSQL.
@Suite(.serialized) struct ReferenceAPITests {
    let shop: ServedShop
    var served: ServedAPI { shop.served }

    init() throws { shop = try ServedShop() }

    @Test("users by page: data, pagination and links")
    func page() throws {
        let answer = try shop.client().get("/users?page=2&limit=2&role=admin")
        #expect(answer.status == 200)
        #expect(answer.header("content-type") == "application/json")
        let body = try answer.json()
        let users = try #require(body["data"] as? [[String: Any]])
        #expect(users.count == 2)
        #expect(users.allSatisfy { $0["role"] as? String == "admin" && $0["createdAt"] is String })
        let pagination = try #require(body["pagination"] as? [String: Any])
        #expect(pagination["page"] as? Int == 2)
        #expect(pagination["limit"] as? Int == 2)
        #expect(pagination["total"] as? Int == 10)
        #expect(pagination["totalPages"] as? Int == 5)
        #expect(pagination["hasNext"] as? Bool == true)
        #expect(pagination["hasPrev"] as? Bool == true)
        let link = try #require(answer.header("link"))
        for relation in ["first", "prev", "next", "last"] { #expect(link.contains("rel=\"\(relation)\"")) }
        #expect(link.contains("role=admin"))
    }

    @Test("past the end is 200 with no data; a limit above the maximum is lowered")
    func pageBounds() throws {
        let client = try shop.client()
        let past = try client.get("/users?page=100000").json()
        #expect((past["data"] as? [Any])?.isEmpty == true)
        let large = try client.get("/users?limit=5000").json()
        #expect((large["data"] as? [Any])?.count == 100)
    }

    @Test(
        "page parameters that make no sense are named",
        arguments: ["page=0", "page=-1", "limit=abc", "limit=0", "page=9007199254740993"])
    func badPage(query: String) throws {
        let answer = try shop.client().get("/users?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.errorCode() == "VALIDATION_ERROR")
        #expect(answer.text.contains("\"in\":\"query\""))
    }

    @Test("one user by id, and none")
    func user() throws {
        let client = try shop.client()
        let found = try client.get("/users/42")
        #expect(found.status == 200)
        #expect(try found.json()["id"] as? Int == 42)
        #expect((try found.json()["email"] as? String)?.hasSuffix(".42@example.com") == true)
        let missing = try client.get("/users/9999999")
        #expect(missing.status == 404)
        let error = try #require(try missing.json()["error"] as? [String: Any])
        #expect(error["code"] as? String == "NOT_FOUND")
        #expect(error["message"] as? String == "The user was not found")
        #expect(error["requestId"] as? String == missing.header("x-request-id"))
        #expect(missing.header("cache-control") == "no-store")
        let word = try client.get("/users/abc")
        #expect(word.status == 400)
        #expect(word.text.contains("\"field\":\"id\""))
        #expect(word.text.contains("\"in\":\"path\""))
    }

    @Test("a user is created once: 201 with Location, then 409; every fault of a bad one is named")
    func create() throws {
        let client = try shop.client()
        let email = "new-\(UUID().uuidString.lowercased())@example.com"
        let made = try client.post("/users", json: #"{"name":"Ada","email":"\#(email)"}"#)
        #expect(made.status == 201)
        let id = try #require(try made.json()["id"] as? Int)
        #expect(made.header("location") == "/api/users/\(id)")
        #expect(try client.get("/users/\(id)").json()["email"] as? String == email)
        let again = try client.post("/users", json: #"{"name":"Ada","email":"\#(email.uppercased())"}"#)
        #expect(again.status == 409)
        #expect(try again.errorCode() == "CONFLICT")
        let bad = try client.post("/users", json: #"{"name":"","email":"nowhere"}"#)
        #expect(bad.status == 400)
        #expect(bad.text.contains("\"field\":\"name\"") && bad.text.contains("\"field\":\"email\""))
        let missing = try client.post("/users", json: "{}")
        #expect(try missing.errorCode() == "VALIDATION_ERROR")
        #expect(try client.post("/users", json: "{").errorCode() == "BAD_REQUEST")
        let plain = try client.send("POST", "/users", headers: ["Content-Type: text/plain"], body: Array("x".utf8))
        #expect(plain.status == 415)
        let large = try client.send(
            "POST", "/users", headers: ["Content-Type: application/json"], body: [UInt8](repeating: 32, count: 70_000))
        #expect(large.status == 413)
    }

    @Test("by cursor every user comes once, and a changed cursor is refused")
    func cursor() throws {
        let client = try shop.client()
        var seen: Set<Int> = []
        var next: String? = "/v2/users?limit=100"
        var last = ""
        while let target = next {
            let answer = try client.get(target)
            #expect(answer.status == 200)
            let body = try answer.json()
            for user in try #require(body["data"] as? [[String: Any]]) {
                #expect(seen.insert(try #require(user["id"] as? Int)).inserted)
            }
            let pagination = try #require(body["pagination"] as? [String: Any])
            let cursor = pagination["nextCursor"] as? String
            #expect(pagination["hasNext"] as? Bool == (cursor != nil))
            last = cursor ?? last
            next = cursor.map { "/v2/users?limit=100&cursor=\($0)" }
        }
        #expect(seen.count >= 1000)
        var changed = Array(last.utf8)
        changed[changed.count / 2] = changed[changed.count / 2] == 65 ? 66 : 65
        let refused = try client.get("/v2/users?cursor=\(String(decoding: changed, as: UTF8.self))")
        #expect(refused.status == 400)
        #expect(try refused.errorCode() == "BAD_REQUEST")
    }

    @Test("versions by path and by header")
    func versions() throws {
        let client = try shop.client()
        #expect(try client.get("/users?limit=1").text.contains("totalPages"))
        #expect(try client.get("/v1/users?limit=1").text.contains("totalPages"))
        #expect(try client.get("/users?limit=1", headers: ["api-version: v2"]).text.contains("nextCursor"))
        #expect(try client.get("/v1/users?limit=1", headers: ["api-version: v2"]).text.contains("totalPages"))
        #expect(try client.get("/users", headers: ["api-version: v9"]).errorCode() == "BAD_REQUEST")
        #expect(try client.get("/v2/hello").status == 404)
        #expect(try client.get("/users?limit=1").header("vary")?.lowercased().contains("api-version") == true)
    }

    @Test("HEAD, OPTIONS, 404 and 405 by the conventions")
    func methods() throws {
        let client = try shop.client()
        let head = try client.send("HEAD", "/users/42")
        #expect(head.status == 200)
        #expect(head.header("content-length") == "\(try client.get("/users/42").body.count)")
        let options = try client.send("OPTIONS", "/users")
        #expect(options.status == 204)
        let wrong = try client.send("DELETE", "/users", body: [])
        #expect(wrong.status == 405)
        #expect(wrong.header("allow") == options.header("allow"))
        #expect(try client.get("/nowhere").errorCode() == "NOT_FOUND")
    }

    @Test("invoke answers as the served API does")
    func invoke() throws {
        let options = ["--as", "2", "--role", "support", "--manifest", served.folder + "/manifest.yaml"]
        let client = try shop.client(.support)
        for (words, target) in [
            (["GetUser", "-p", "id=42"], "/users/42"), (["Hello"], "/hello"),
            (["GET", "/api/users", "-q", "page=3", "-q", "limit=2"], "/users?page=3&limit=2"),
        ] {
            let outcome = try Command.run(["invoke"] + words + options, environment: shop.environment)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output == (try client.get(target).text) + "\n")
        }
        let missing = try Command.run(
            ["invoke", "GetUser", "-p", "id=9999999"] + options, environment: shop.environment)
        #expect(missing.status == 1)
        #expect(missing.output.contains("NOT_FOUND"))
        #expect(missing.error.contains("404"))
    }

    @Test("invoke --live asks the running server, whatever proxies the environment names")
    func live() throws {
        let folder = try ServedShop.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let environment = shop.environment.merging([
            "PORT": "\(served.port)", "http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1",
        ]) { $1 }
        let outcome = try Command.run(
            ["invoke", "GetUser", "-p", "id=42", "--live", "--manifest", folder + "/manifest.yaml"]
                + ShopCaller.support.headers.flatMap { ["-H", $0] }, environment: environment)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output == (try shop.client(.support).get("/users/42").text) + "\n")
    }

    @Test("health names the database, with its latency")
    func health() throws {
        let client = try served.client()
        eventually("the database is healthy") { (try? client.get("/health").status) == 200 }
        let body = try client.get("/health").json()
        #expect(body["status"] as? String == "healthy")
        let services = try #require(body["services"] as? [String: [String: Any]])
        #expect(services["database"]?["status"] as? String == "healthy")
        #expect(services["database"]?["latencyMs"] is Double)
        #expect(try client.get("/health/live").status == 200)
        #expect(try client.get("/health/ready").status == 200)
    }

    @Test("every request is one line of the log, with its id, function and worker")
    func log() throws {
        let client = try shop.client()
        let id = "trial-\(UUID().uuidString)"
        let answer = try client.get("/users/7?token=secret", headers: ["X-Request-Id: \(id)"])
        #expect(answer.header("x-request-id") == id)
        var line: [String: Any]?
        eventually("the line is written") {
            line = served.logLines().first { $0["requestId"] as? String == id }
            return line != nil
        }
        let found = try #require(line)
        #expect(found["method"] as? String == "GET")
        #expect((found["route"] as? String)?.hasSuffix("/users/{id}") == true)
        #expect(found["status"] as? Int == 200)
        #expect(found["function"] as? String == "GetUser")
        #expect(found["userId"] as? String == ShopCaller.admin.id)
        #expect(found["bytes"] as? Int == answer.body.count)
        #expect(!served.log.contains("secret"))
        #expect(!served.log.contains("Bearer") && !served.log.contains("eyJ"))
    }
}
