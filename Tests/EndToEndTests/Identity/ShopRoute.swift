import Foundation
import Testing

/// One request to the reference API, and the status that each caller gets.
///
/// Of the orders, 1 is the customer's own and done, 2 somebody else's and done.
struct ShopRoute: Sendable, CustomTestStringConvertible {
    /// As the manifest has it.
    var route: String
    var target: String
    var version = "v1"
    var type = "application/json"
    /// The body; `UNIQUE` in it is another word each time.
    var body: String?
    /// In the order of `ShopCaller.allCases`.
    var statuses: [Int]

    var method: String { String(route.prefix { $0 != " " }) }
    var testDescription: String { "\(method) \(target) \(body ?? "")" }

    private init(
        _ route: String, _ target: String, _ body: String? = nil, type: String = "application/json",
        anonymous: Int = 401, refused: Int = 401, customer: Int, support: Int, admin: Int, key: Int
    ) {
        self.route = route
        self.target = target
        self.body = body
        self.type = type
        statuses = ShopCaller.allCases.map { caller in
            switch caller {
            case .nobody: anonymous
            case .forged, .expired, .garbled, .wrongKey: refused
            case .customer: customer
            case .support: support
            case .admin: admin
            case .key: key
            }
        }
    }

    /// Nobody is asked who they are; a token that is no good is not even looked at.
    private static func open(_ route: String, _ target: String, _ body: String? = nil) -> ShopRoute {
        ShopRoute(
            route, target, body, anonymous: 200, refused: 200, customer: 200, support: 200, admin: 200, key: 200)
    }

    static let all: [ShopRoute] = [
        .open("GET /hello", "/hello"),
        .open("GET /products", "/products?inStock=true"),
        .open("POST /auth/token", "/auth/token", #"{"email":"alan.bartik.1@example.com","password":"swiftlet"}"#),
        ShopRoute(
            "GET /rates/{currency}", "/rates/USD", anonymous: 200, customer: 200, support: 200, admin: 200, key: 200),
        ShopRoute("GET /users", "/users?limit=2", customer: 403, support: 200, admin: 200, key: 200),
        ShopRoute("GET /users", "/v2/users?limit=2", customer: 403, support: 200, admin: 200, key: 200),
        ShopRoute("GET /users/{id}", "/users/43", customer: 200, support: 200, admin: 200, key: 200),
        ShopRoute("GET /users/{id}", "/users/44", customer: 404, support: 200, admin: 200, key: 200),
        ShopRoute(
            "POST /users", "/users", #"{"name":"New","email":"UNIQUE@example.com"}"#, customer: 403, support: 403,
            admin: 201, key: 403),
        ShopRoute(
            "POST /orders", "/orders", #"{"lines":[{"productId":7,"quantity":1}]}"#, customer: 201, support: 201,
            admin: 201, key: 400),
        ShopRoute(
            "POST /orders", "/orders", #"{"userId":43,"lines":[{"productId":7,"quantity":1}]}"#, customer: 201,
            support: 201, admin: 201, key: 201),
        ShopRoute(
            "POST /orders", "/orders", #"{"userId":44,"lines":[{"productId":7,"quantity":1}]}"#, customer: 403,
            support: 201, admin: 201, key: 201),
        ShopRoute("GET /orders", "/orders?userId=44", customer: 200, support: 200, admin: 200, key: 200),
        ShopRoute("GET /orders/{id}", "/orders/1", customer: 200, support: 200, admin: 200, key: 200),
        ShopRoute("GET /orders/{id}", "/orders/2", customer: 404, support: 200, admin: 200, key: 200),
        ShopRoute("GET /orders/{id}/events", "/orders/1/events", customer: 200, support: 200, admin: 200, key: 200),
        ShopRoute("GET /orders/{id}/events", "/orders/2/events", customer: 404, support: 200, admin: 200, key: 200),
        ShopRoute(
            "POST /imports", "/imports", "sku,name,price_cents,stock\nNEW-1,Teapot,2499,10\n", type: "text/csv",
            customer: 403, support: 403, admin: 200, key: 403),
    ]
}
