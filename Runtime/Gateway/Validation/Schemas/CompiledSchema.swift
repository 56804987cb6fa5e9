import JSONCoding

/// A JSON Schema (draft 2020-12), compiled once and never changed.
///
/// What a request needs is in tables read by number; nothing is looked up by keyword. References were followed,
/// patterns compiled and endless loops refused when it was made.
final class CompiledSchema: Sendable {
    /// How a schema is read.
    struct Options: Sendable {
        /// Whether the formats of `StringFormat` are asserted, or only noted as the draft has it by default.
        var assertsFormat = true
    }

    let nodes: FrozenTable<SchemaNode>
    let values: FrozenTable<ValueRules>
    let numbers: FrozenTable<NumberRules>
    let strings: FrozenTable<StringRules>
    let arrays: FrozenTable<ArrayRules>
    let objects: FrozenTable<ObjectRules>
    let applicators: FrozenTable<Applicators>
    /// The schema of the document itself.
    let root: Int32
    /// Whether the way that leads to a schema must be kept, for a `$dynamicRef`.
    let usesDynamicScope: Bool

    init(_ tables: SchemaTables, root: Int32) {
        nodes = FrozenTable(tables.nodes)
        values = FrozenTable(tables.values)
        numbers = FrozenTable(tables.numbers)
        strings = FrozenTable(tables.strings)
        arrays = FrozenTable(tables.arrays)
        objects = FrozenTable(tables.objects)
        applicators = FrozenTable(tables.applicators)
        self.root = root
        usesDynamicScope = tables.applicators.contains { $0.dynamic != nil }
    }

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - json: the schema as JSON text.
    ///   - options: how it is read.
    /// - Throws: every problem that makes it unusable.
    convenience init(json: String, options: Options = Options()) throws(SchemaProblems) {
        let result = SchemaCompiler.compile(json, options)
        guard let tables = result.tables else { throw SchemaProblems(list: result.problems) }
        self.init(tables, root: result.root)
    }
}

/// What a compiled schema consists of, while it is made.
struct SchemaTables {
    var nodes: [SchemaNode] = []
    var values: [ValueRules] = []
    var numbers: [NumberRules] = []
    var strings: [StringRules] = []
    var arrays: [ArrayRules] = []
    var objects: [ObjectRules] = []
    var applicators: [Applicators] = []
}
