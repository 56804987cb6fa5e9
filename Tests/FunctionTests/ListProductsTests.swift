import FunctionKit
import Postgres
import Shop
import Testing

@testable import ListProducts

@Suite struct ListProductsTests {
    @Test("pages hold every product once, in the order of their ids", arguments: [7, 100, 200, 201])
    func pages(limit: Int) async throws {
        let function = try await ListProducts(shopStartup())
        var products: [Product] = []
        for number in 1...(200 / limit + 1) {
            let page = try await function.handle(.init(page: PageRequest(number: number, limit: limit)), .test())
            #expect(page.continuation == .total(200))
            products += page.items
        }
        #expect(products.map(\.id) == Array(1...200))
    }

    @Test("past the end there is no data, and the total stays", arguments: [3, 100_000, Int.max])
    func pastTheEnd(number: Int) async throws {
        let function = try await ListProducts(shopStartup())
        let page = try await function.handle(.init(page: PageRequest(number: number, limit: 100)), .test())
        #expect(page.items.isEmpty)
        #expect(page.continuation == .total(200))
    }

    @Test(
        "what is sold out is left out on demand", arguments: [(true, 198), (false, 200), (nil, 200)] as [(Bool?, Int)])
    func inStock(inStock: Bool?, expected: Int) async throws {
        let startup = try shopStartup()
        try await PostgresPool(startup).execute("UPDATE products SET stock = 0 WHERE id IN (2, 3)")
        let function = try await ListProducts(startup)
        let page = try await function.handle(.init(inStock: inStock, page: PageRequest(limit: 500)), .test())
        #expect(page.continuation == .total(expected))
        #expect(page.items.count == expected)
        #expect(inStock != true || page.items.allSatisfy { $0.stock > 0 })
    }

    @Test("on the wire a product has camel case, and `inStock` is read from the query")
    func wire() async throws {
        let function = try await ListProducts(shopStartup())
        var invocation = Context.test(path: "/api/products").invocation
        invocation.query = [.init("inStock", "true")]
        invocation.page = .page(number: 1, limit: 1)
        let reply = await function.reply(to: invocation)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"[{"id":1,"sku":"SKU-000001","name":"Fine Lamp","priceCents":8118,"stock":100}]"#)
    }
}
