/// The keywords for objects; schemas by their numbers, -1 for none.
struct ObjectRules: Sendable {
    /// What is said about a member by its name.
    struct Named: Sendable {
        /// Its schema in `properties`.
        var node = SchemaNode.none
        var isRequired = false
    }

    /// What must hold where a member is there.
    struct Dependent: Sendable {
        /// The member's position in `names`.
        var trigger: Int
        /// The positions of the members that it needs.
        var required: [Int] = []
        /// The schema for the whole object.
        var node = SchemaNode.none
    }

    /// Every name that a keyword mentions.
    let names: NameTable
    /// The same, for looking names up.
    let view: NameTable.View
    /// For each of the names.
    let named: FrozenTable<Named>
    var requiredCount = 0
    var patterns: [(pattern: Pattern, node: Int32)] = []
    var additional = SchemaNode.none
    var propertyNames = SchemaNode.none
    var minProperties = 0
    var maxProperties = Int.max
    var dependents: [Dependent] = []
    /// Whether members must be looked at one by one.
    var readsMembers = false

    init(names: [String], named: [Named]) {
        self.names = NameTable(names)
        view = self.names.view
        self.named = FrozenTable(named)
        requiredCount = named.count(where: \.isRequired)
    }
}
