/// A checked map that settings are read from. What is absent or wrong leaves a setting as it is.
struct Section {
    let map: CheckedMap
    /// Where its key is.
    let position: Position

    /// Whether the key is written, rightly or wrongly.
    func has(_ key: String) -> Bool {
        guard let value = map[key]?.value.value else { return false }
        if case .null = value { return false }
        return true
    }

    /// Where a key's value is; the section itself where it is absent.
    func position(of key: String) -> Position { map[key]?.value.position ?? position }

    /// Where a key is; the section itself where it is absent.
    func keyPosition(of key: String) -> Position { map[key]?.keyPosition ?? position }

    func section(_ key: String) -> Section? {
        guard let entry = map[key], case .map(let map) = entry.value.value else { return nil }
        return Section(map: map, position: entry.keyPosition)
    }

    /// A list's items, or the one value alone; nil where the key is absent or wrong.
    func items(_ key: String) -> [Checked]? {
        guard let value = map[key]?.value else { return nil }
        switch value.value {
        case .null, .invalid: return nil
        case .list(let items): return items
        default: return [value]
        }
    }

    /// The sections in a list, or the one section alone.
    func sections(_ key: String) -> [Section] {
        (items(key) ?? []).compactMap { item in
            guard case .map(let map) = item.value else { return nil }
            return Section(map: map, position: item.position)
        }
    }

    func text(_ key: String) -> String? {
        guard case .text(let text)? = map[key]?.value.value else { return nil }
        return text
    }

    func texts(_ key: String) -> [String]? {
        items(key)?.compactMap { item in
            guard case .text(let text) = item.value else { return nil }
            return text
        }
    }

    func whole(_ key: String) -> Int? {
        guard case .whole(let value)? = map[key]?.value.value else { return nil }
        return value
    }

    func duration(_ key: String) -> Duration? {
        guard case .duration(let value)? = map[key]?.value.value else { return nil }
        return value
    }

    func read(_ key: String, into setting: inout String) { setting = text(key) ?? setting }

    func read(_ key: String, into setting: inout [String]) { setting = texts(key) ?? setting }

    func read(_ key: String, into setting: inout Int) { setting = whole(key) ?? setting }

    func read(_ key: String, into setting: inout ByteCount) {
        setting = whole(key).map { ByteCount(bytes: $0) } ?? setting
    }

    func read(_ key: String, into setting: inout Duration) { setting = duration(key) ?? setting }

    func read(_ key: String, into setting: inout Double) {
        if case .number(let value)? = map[key]?.value.value { setting = value }
    }

    func read(_ key: String, into setting: inout Bool) {
        if case .flag(let value)? = map[key]?.value.value { setting = value }
    }

    func read<Choice: RawRepresentable>(_ key: String, into setting: inout Choice)
    where Choice.RawValue == String {
        setting = text(key).flatMap(Choice.init(rawValue:)) ?? setting
    }
}
