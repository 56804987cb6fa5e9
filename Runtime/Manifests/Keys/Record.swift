/// The keys of one map.
struct Record: Sendable {
    let fields: [Field]

    init(_ fields: [Field]) {
        self.fields = fields
    }

    func field(_ name: String) -> Field? {
        fields.first { $0.name == name }
    }

    func without(_ names: String...) -> Record {
        Record(fields.filter { !names.contains($0.name) })
    }
}
