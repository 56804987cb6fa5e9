import FunctionKit
import Postgres
import Shop

/// Lists products in the order of their ids, one page at a time; only what is in stock if `inStock=true` says so.
@main struct ListProducts: Function {
    struct Input: Decodable, Sendable {
        var inStock: Bool?
        var page: PageRequest
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Page<Product> {
        let onlyInStock = input.inStock ?? false
        let total = try await database.queryOne(Self.count(inStock: onlyInStock), as: Int.self)
        let products = try await database.query(
            Self.products(inStock: onlyInStock, on: input.page), as: Product.self)
        return Page(products, total: total ?? 0)
    }

    static func count(inStock: Bool) -> SQL { "SELECT count(*) FROM products \(filter(inStock))" }

    static func products(inStock: Bool, on page: PageRequest) -> SQL {
        """
        SELECT \(Product.columns) FROM products \(filter(inStock))
        ORDER BY id LIMIT \(page.limit) OFFSET \(page.offset)
        """
    }

    private static func filter(_ inStock: Bool) -> SQL { inStock ? "WHERE stock > 0" : "" }
}
