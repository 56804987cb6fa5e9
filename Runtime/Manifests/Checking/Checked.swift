/// A value that fits its shape, with where it was written.
struct Checked: Sendable {
    indirect enum Value: Sendable {
        /// Written as nothing: it removes what `defaults` gives.
        case null
        /// Wrong, and already reported.
        case invalid
        case text(String)
        case whole(Int)
        case number(Double)
        case flag(Bool)
        case duration(Duration)
        case list([Checked])
        case map(CheckedMap)
        /// A JSON Schema's text, and the path of its file.
        case schema(json: String, path: String?)
    }

    enum Origin: Sendable { case written, environment, file }

    var value: Value
    var position: Position
    var origin: Origin = .written
}

/// A map whose keys are all known, in the file's order.
struct CheckedMap: Sendable {
    struct Entry: Sendable {
        var key: String
        var keyPosition: Position
        var value: Checked
    }

    var entries: [Entry] = []

    subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    /// These entries over `defaults`: maps merge key by key, everything else replaces, null removes.
    func merged(over defaults: CheckedMap) -> CheckedMap {
        var result = CheckedMap()
        for entry in entries {
            var entry = entry
            switch entry.value.value {
            case .null: continue
            case .map(let map):
                var inherited = CheckedMap()
                if case .map(let other)? = defaults[entry.key]?.value.value { inherited = other }
                entry.value.value = .map(map.merged(over: inherited))
            default: break
            }
            result.entries.append(entry)
        }
        for entry in defaults.entries where self[entry.key] == nil {
            var entry = entry
            switch entry.value.value {
            case .null: continue
            case .map(let map): entry.value.value = .map(map.merged(over: CheckedMap()))
            default: break
            }
            result.entries.append(entry)
        }
        return result
    }
}
