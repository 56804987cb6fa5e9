/// The keywords that apply other schemas to the same value; schemas by their numbers, -1 for none.
struct Applicators: Sendable {
    /// A `$dynamicRef` that depends on the way that led to it.
    struct Dynamic: Sendable {
        /// Where it leads when no resource on the way has its anchor.
        var fallback: Int32
        /// Where it leads by the outermost resource on the way that has its anchor.
        var targets: [Int32: Int32]
    }

    var ref = SchemaNode.none
    var dynamic: Dynamic?
    var allOf: [Int32] = []
    var anyOf: [Int32] = []
    var oneOf: [Int32] = []
    var not = SchemaNode.none
    var condition = SchemaNode.none
    var then = SchemaNode.none
    var otherwise = SchemaNode.none
}
