/// The keywords for arrays; schemas by their numbers, -1 for none.
struct ArrayRules: Sendable {
    var minItems = 0
    var maxItems = Int.max
    var isUnique = false
    var prefix: [Int32] = []
    var items = SchemaNode.none
    var contains = SchemaNode.none
    var minContains = 1
    var maxContains = Int.max
}
