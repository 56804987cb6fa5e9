/// What a value must look like. The parser checks by it and the JSON Schema is made from it.
indirect enum Shape: Sendable {
    /// Any text, or `{file: PATH}` in its place.
    case text(TextFormat?)
    /// Text, a number or a boolean, taken as text, or `{file: PATH}` in its place.
    case anyScalar
    case wholeNumber(ClosedRange<Int>)
    /// A number above the first and up to the second.
    case number(above: Double, through: Double)
    case flag
    case duration(from: Duration)
    case size(from: Int)
    case choice([String])
    case list(Shape, atLeast: Int)
    /// One value alone or a list of them; always read as a list.
    case oneOrMore(Shape)
    /// A map with keys of ours.
    case record(Record)
    /// A map with keys of the user's.
    case table(TextFormat, Shape, atLeast: Int)
    /// The first of these that takes a value of that kind (scalar, list or map).
    case either([Shape])
    /// A JSON Schema: written here, or the path of its file.
    case schema
    /// A key that is only known by its name.
    case later

    static let anyText = Shape.text(nil)
    static let anyDuration = Shape.duration(from: .zero)
    static let positiveDuration = Shape.duration(from: .milliseconds(1))
    static func list(_ shape: Shape) -> Shape { .list(shape, atLeast: 0) }
    static func texts(_ format: TextFormat?) -> Shape { .list(.text(format), atLeast: 0) }
    static func choice<Choice: CaseIterable & RawRepresentable>(_: Choice.Type) -> Shape
    where Choice.RawValue == String {
        .choice(Choice.allCases.map(\.rawValue))
    }

    enum Kind { case scalar, list, map }

    /// Whether a value of that kind could fit at all.
    func takes(_ kind: Kind) -> Bool {
        switch self {
        case .text, .anyScalar, .wholeNumber, .number, .flag, .duration, .size, .choice: kind == .scalar
        case .list: kind == .list
        case .oneOrMore(let shape): kind == .list || shape.takes(kind)
        case .record, .table: kind == .map
        case .either(let shapes): shapes.contains { $0.takes(kind) }
        case .schema: kind != .list
        case .later: true
        }
    }

    /// The keys of its map, however that is wrapped; nil: it takes no map with keys of ours.
    var keys: Record? {
        switch self {
        case .record(let record): record
        case .oneOrMore(let inner): inner.keys
        case .either(let shapes): shapes.compactMap(\.keys).first
        default: nil
        }
    }

    /// How the shape is called in a sentence after "must be".
    var what: String {
        switch self {
        case .text(let format): format?.what ?? "text"
        case .anyScalar: "text"
        case .wholeNumber(let range):
            range.count == 1
                ? "`\(range.lowerBound)`"
                : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let low, let high): "a number above \(Self.plain(low)) and up to \(Self.plain(high))"
        case .flag: "`true` or `false`"
        case .duration: "a duration such as `500ms`, `10s`, `15m` or `24h`"
        case .size: "a size such as `512KiB` or `1MiB`"
        case .choice(let words): Self.enumeration(words.map { "`\($0)`" })
        case .list(let shape, _): shape.takes(.scalar) ? "a list (each: \(shape.what))" : "a list"
        case .oneOrMore(let shape): "\(shape.what), or a list"
        case .record, .table: "a map"
        case .either(let shapes): Self.enumeration(shapes.map(\.what))
        case .schema: "a JSON Schema or the path of its file"
        case .later: "a value"
        }
    }

    /// Something that fits, in YAML's flow form.
    var example: String {
        switch self {
        case .text(let format): format?.example ?? "text"
        case .anyScalar: "text"
        case .wholeNumber(let range): String(max(range.lowerBound, min(1, range.upperBound)))
        case .number(let low, let high): Self.plain((low + high) / 2)
        case .flag: "true"
        case .duration: "10s"
        case .size: "1MiB"
        case .choice(let words): words.first ?? "text"
        case .list(let shape, _): "[\(Self.inFlow(shape.example))]"
        case .oneOrMore(let shape): shape.example
        case .record(let record): record.example
        case .table(let key, let shape, _): "{\(key.example): \(Self.inFlow(shape.example))}"
        case .either(let shapes): shapes.first?.example ?? "text"
        case .schema: "schemas/body.json"
        case .later: "…"
        }
    }

    /// An example as it may stand between brackets.
    static func inFlow(_ text: String) -> String {
        guard let first = text.first, !"[{\"'".contains(first) else { return text }
        return text.contains { "{}[],#".contains($0) } ? "\"\(text)\"" : text
    }

    static func enumeration(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    static func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
