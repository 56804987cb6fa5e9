/// Reports keys that must be there and are not; for functions after `defaults` were merged.
struct Completeness {
    let problems: ProblemList

    func check(_ map: CheckedMap, _ record: Record, name: String, at position: Position) {
        for field in record.fields {
            guard let entry = map[field.name] else {
                if field.isRequired {
                    let owner = name.isEmpty ? "the manifest" : "`\(name)`"
                    problems.error(
                        position, "\(owner) has no `\(field.name)`",
                        fix: "add `\(field.name): \(field.example)`")
                }
                continue
            }
            check(entry.value, field.shape, name: field.name, at: entry.keyPosition)
        }
    }

    private func check(_ checked: Checked, _ shape: Shape, name: String, at position: Position) {
        switch (checked.value, shape) {
        case (.map(let map), .record(let record)): check(map, record, name: name, at: position)
        case (.map(let map), .table(_, let inner, _)):
            for entry in map.entries { check(entry.value, inner, name: entry.key, at: entry.keyPosition) }
        case (.map, .either(let shapes)):
            for shape in shapes where shape.takes(.map) { check(checked, shape, name: name, at: position) }
        case (.list(let items), .list(let inner, _)), (.list(let items), .oneOrMore(let inner)):
            for item in items { check(item, inner, name: name, at: item.position) }
        case (.map, .oneOrMore(let inner)): check(checked, inner, name: name, at: position)
        default: break
        }
    }
}
