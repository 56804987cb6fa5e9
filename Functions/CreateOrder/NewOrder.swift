import FunctionKit
import Shop

/// An order to be placed, whose form has been checked.
struct NewOrder: Sendable {
    /// How many lines an order has at most.
    static let maximumLines = 100
    /// How many pieces of one product an order has at most.
    static let maximumQuantity = 1000

    let userId: Int
    let lines: [CreateOrder.Input.Line]

    /// Throws 403 when the caller may not order for that user, else a validation error with every fault of the input, not
    /// only the first.
    init(_ input: CreateOrder.Input, from caller: Caller) throws(APIError) {
        let visibility = Visibility(caller)
        let user = input.userId ?? caller.userID
        if visibility == .nothing { throw .forbidden("Only users of the shop can order") }
        if let user, !visibility.includes(user) { throw .forbidden("You can order for yourself only") }
        var faults: [APIError.Detail] = []
        func fault(_ field: String, _ message: String) {
            faults.append(APIError.Detail(field: field, in: "body", message: message))
        }

        if user == nil { fault("userId", "is required: say for whom the order is") }
        if !(1...Self.maximumLines).contains(input.lines.count) {
            fault("lines", "An order must have 1 to \(Self.maximumLines) lines")
        } else {
            var first: [Int: Int] = [:]
            for (index, line) in input.lines.enumerated() {
                if let other = first[line.productId] {
                    fault("lines[\(index)].productId", "The product stands in lines[\(other)] already")
                } else {
                    first[line.productId] = index
                }
                if !(1...Self.maximumQuantity).contains(line.quantity) {
                    fault("lines[\(index)].quantity", "Quantity must be 1 to \(Self.maximumQuantity)")
                }
            }
        }
        guard faults.isEmpty, let user else { throw APIError(.validationError, details: faults) }
        userId = user
        lines = input.lines
    }

    /// Throws unless the user and all products exist, and there is enough of each: a validation error that names the
    /// fields, or else a conflict that names the products.
    func check(isUser: Bool, stock: [Stock]) throws(APIError) {
        let stock = Dictionary(stock.map { ($0.id, $0) }) { first, _ in first }
        var unknown: [APIError.Detail] = []
        if !isUser { unknown.append(.init(field: "userId", in: "body", message: "There is no such user")) }
        var short: [(sentence: String, detail: APIError.Detail)] = []
        for (index, line) in lines.enumerated() {
            guard let product = stock[line.productId] else {
                unknown.append(
                    .init(field: "lines[\(index)].productId", in: "body", message: "There is no such product"))
                continue
            }
            guard product.stock < line.quantity else { continue }
            let left = product.stock == 0 ? "None is left" : "Only \(product.stock) left"
            short.append(
                (
                    "\(product.name) (product \(product.id)): \(line.quantity) wanted, \(product.stock) left",
                    .init(field: "lines[\(index)].quantity", in: "body", message: left)
                ))
        }
        if !unknown.isEmpty { throw APIError(.validationError, details: unknown) }
        if !short.isEmpty {
            throw APIError(
                .conflict, "Not enough in stock of \(short.map(\.sentence).joined(separator: "; "))",
                details: short.map(\.detail))
        }
    }
}
