import Foundation
import Testing

/// Lists that the gateway keeps, and answers that a client has already.
@Suite(.timeLimit(.minutes(2))) struct ShopCacheTests {
    let shop: ServedShop

    init() throws { shop = try ServedShop() }

    /// `hit` or `miss`, as the answer has it.
    private func kind(_ answer: Answer) -> String {
        let status = answer.header("cache-status") ?? ""
        return status.hasPrefix("swiftlet; hit") ? "hit" : status.contains("fwd=miss") ? "miss" : status
    }

    private func list(_ caller: ShopCaller = .nobody, _ target: String = "/products?limit=5") throws -> Answer {
        let answer = try shop.client(caller).get(target)
        #expect(answer.status == 200, "\(answer.text)")
        return answer
    }

    @Test("the list of products is kept for everybody, until an import or an order changes it")
    func products() throws {
        let first = try list()
        #expect(kind(first) == "miss")
        for caller in [ShopCaller.nobody, .customer, .admin, .forged] {
            let again = try list(caller)
            #expect(kind(again) == "hit", "\(caller)")
            #expect(again.header("age").flatMap { Int($0) } != nil)
            #expect(again.body == first.body)
            #expect(again.header("etag") == first.header("etag"))
        }
        // A parameter that the list does not know is no other list, and one that it knows is.
        #expect(try kind(list(.nobody, "/products?limit=5&x=1")) == "hit")
        #expect(try kind(list(.nobody, "/products?limit=5&inStock=true")) == "miss")

        let csv = Array("sku,name,price_cents,stock\nSKU-000001,Kettle,4321,9\n".utf8)
        let refused = try shop.client(.support).send(
            "POST", "/imports", headers: ["Content-Type: text/csv"], body: csv)
        #expect(refused.status == 403)
        #expect(try kind(list()) == "hit")
        let imported = try shop.client(.admin).send(
            "POST", "/imports", headers: ["Content-Type: text/csv"], body: csv)
        #expect(imported.status == 200)
        let changed = try list()
        #expect(kind(changed) == "miss")
        #expect(changed.text.contains(#""priceCents":4321,"stock":9"#))

        let order = try shop.client(.customer).post("/orders", json: #"{"lines":[{"productId":1,"quantity":2}]}"#)
        #expect(order.status == 201)
        let ordered = try list()
        #expect(kind(ordered) == "miss")
        #expect(ordered.text.contains(#""priceCents":4321,"stock":7"#))
    }

    @Test("the list of users is kept for each caller alone, and a new user is in it at once")
    func users() throws {
        let target = "/users?limit=1"
        // One token: another one, of another second, is another caller to the cache.
        let admin = try shop.client(.admin)
        #expect(try kind(admin.get(target)) == "miss")
        #expect(try kind(admin.get(target)) == "hit")
        #expect(try kind(list(.support, target)) == "miss")
        for caller in [ShopCaller.nobody, .forged, .expired, .customer] {
            let answer = try shop.client(caller).get(target)
            #expect(answer.status == (caller == .customer ? 403 : 401))
            #expect(!answer.text.contains("example.com"))
        }
        let made = try shop.client(.admin).post("/users", json: #"{"name":"N","email":"newest@example.com"}"#)
        #expect(made.status == 201)
        for caller in [ShopCaller.admin, .support] {
            let answer = try list(caller, target)
            #expect(kind(answer) == "miss")
            #expect(answer.text.contains("newest@example.com"))
        }
        #expect(try list(.admin, target).header("cache-control")?.contains("private") == true)
    }

    @Test("what a client has already is 304 without a body, compressed or not, kept or not")
    func notModified() throws {
        for target in ["/products?limit=50", "/hello"] {
            for encoding in [[], ["Accept-Encoding: gzip"]] {
                let client = try shop.client(.nobody)
                let first = try client.get(target, headers: encoding)
                let tag = try #require(first.header("etag"))
                let again = try client.get(target, headers: encoding + ["If-None-Match: \(tag)"])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again.header("etag") == tag)
                #expect(again.header("cache-control") == first.header("cache-control"))
                #expect(again.header("x-request-id") != nil)
                #expect(try client.get(target, headers: encoding + [#"If-None-Match: "other""#]).status == 200)
            }
        }
        let own = try shop.client(.customer)
        let tag = try #require(try own.get("/users/43").header("etag"))
        #expect(try own.get("/users/43", headers: ["If-None-Match: \(tag)"]).status == 304)
        #expect(try own.get("/users/44", headers: ["If-None-Match: *"]).status == 404)
    }
}
