/// What there is of a product; nobody else can take any of it until the transaction ends.
struct Stock: Decodable, Sendable {
    var id: Int
    var name: String
    var stock: Int
}
