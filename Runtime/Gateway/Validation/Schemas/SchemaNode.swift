/// One schema of a document, as the run reads it: what all values need, and where the rules for each kind of value are.
///
/// Other schemas and rules are named by their numbers; -1 is none.
struct SchemaNode: Sendable {
    static let none: Int32 = -1

    /// The kinds of values that `type` allows.
    var kinds: KindSet = .any
    /// The schema `false`.
    var isNever = false
    /// A schema that allows everything and notes nothing: `true`, `{}`, or annotations alone.
    var isTrivial = false
    /// The resource that the schema belongs to, for `$dynamicRef`.
    var resource: Int32 = 0
    var values = none
    var numbers = none
    var strings = none
    var arrays = none
    var objects = none
    var applicators = none
    var unevaluatedItems = none
    var unevaluatedProperties = none
}

/// `const` and `enum`.
struct ValueRules: Sendable {
    /// Values of which one is wanted; `const` is a list of one.
    var lists: [ValueList] = []
}
