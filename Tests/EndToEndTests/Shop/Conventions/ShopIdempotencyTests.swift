import Foundation
import Testing

/// Orders that are sent more than once.
@Suite(.timeLimit(.minutes(2))) struct ShopIdempotencyTests {
    static let body = #"{"lines":[{"productId":7,"quantity":1}]}"#

    let shop: ServedShop
    var database: ShopDatabase { shop.database }

    init() throws { shop = try ServedShop() }

    @Test("an order that is sent twice is placed once, and answered the same")
    func twice() throws {
        let client = try shop.client(.customer)
        let first = try client.post("/orders", json: Self.body, headers: ["Idempotency-Key: order-1"])
        #expect(first.status == 201, "\(first.text)")
        #expect(first.header("idempotent-replayed") == nil)
        for key in ["order-1", "\"order-1\""] {
            let again = try client.post("/orders", json: Self.body, headers: ["Idempotency-Key: \(key)"])
            #expect(again.status == 201)
            #expect(again.header("idempotent-replayed") == "true")
            #expect(again.header("location") == first.header("location"))
            #expect(again.body == first.body)
        }
        #expect(try database.number("SELECT count(*) FROM orders") == 1)
        #expect(try database.number("SELECT stock FROM products WHERE id = 7") == 99)
    }

    @Test("the same key with another order is refused; of another caller it is another order")
    func others() throws {
        let client = try shop.client(.customer)
        let headers = ["Idempotency-Key: order-2"]
        #expect(try client.post("/orders", json: Self.body, headers: headers).status == 201)
        let other = try client.post(
            "/orders", json: #"{"lines":[{"productId":8,"quantity":1}]}"#, headers: headers)
        #expect(other.status == 422)
        #expect(try other.errorCode() == "IDEMPOTENCY_MISMATCH")
        let support = try shop.client(.support).post("/orders", json: Self.body, headers: headers)
        #expect(support.status == 201)
        #expect(support.header("idempotent-replayed") == nil)
        #expect(try database.numbers("SELECT user_id FROM orders ORDER BY id") == [43, 2])
        // What was refused for its form is the same refusal again, and no order.
        let bad = ["Idempotency-Key: order-3"]
        for _ in 0..<2 {
            let answer = try client.post("/orders", json: #"{"lines":[]}"#, headers: bad)
            #expect(try answer.errorCode() == "VALIDATION_ERROR")
        }
        #expect(try database.number("SELECT count(*) FROM orders") == 2)
    }

    @Test("twenty at once with one key are one order")
    func atOnce() throws {
        let answers = try AtOnce.run(20, port: shop.served.port, prefix: "/api", headers: ShopCaller.customer.headers) {
            _, client in
            let answer = try client.post("/orders", json: Self.body, headers: ["Idempotency-Key: at-once"])
            return answer.status == 201
                ? "201 \(answer.header("location") ?? "")" : "\(answer.status) \(try answer.errorCode())"
        }
        let made = answers.filter { $0.hasPrefix("201 ") }
        #expect(!made.isEmpty)
        #expect(Set(made).count == 1)
        #expect(answers.allSatisfy { $0.hasPrefix("201 ") || $0 == "409 IDEMPOTENCY_CONFLICT" }, "\(answers)")
        #expect(try database.number("SELECT count(*) FROM orders") == 1)
        #expect(try database.number("SELECT stock FROM products WHERE id = 7") == 99)
    }
}
