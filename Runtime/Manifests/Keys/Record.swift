/// The keys of one map.
struct Record: Sendable {
    let fields: [Field]
    private var given: String?

    init(_ fields: [Field]) {
        self.fields = fields
    }

    /// The same keys with an example that is more than the first of them.
    func shown(as example: String) -> Record {
        var record = self
        record.given = example
        return record
    }

    /// Something that fits: the one given, or the first key with its example.
    var example: String {
        given ?? "{" + fields.prefix(1).map { "\($0.name): \(Shape.inFlow($0.example))" }.joined() + "}"
    }

    func field(_ name: String) -> Field? {
        fields.first { $0.name == name }
    }

    func without(_ names: String...) -> Record {
        Record(fields.filter { !names.contains($0.name) })
    }
}
