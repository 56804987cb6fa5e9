/// One key of the manifest: its shape, its default and a sentence for editors.
struct Field: Sendable {
    let name: String
    let shape: Shape
    /// The default, as JSON; nil: none, or one that depends on other keys.
    let fallback: JSONText?
    let isRequired: Bool
    let summary: String
    private let given: String?

    init(
        _ name: String, _ shape: Shape, default fallback: JSONText? = nil, required: Bool = false,
        example: String? = nil, _ summary: String
    ) {
        self.name = name
        self.shape = shape
        self.fallback = fallback
        self.isRequired = required
        self.given = example
        self.summary = summary
    }

    /// Something that fits: the one given, the default, or the shape's.
    var example: String {
        if let given { return given }
        switch fallback {
        case .text(let text) where !text.isEmpty: return text
        case .whole, .number, .flag: return fallback?.rendered(indentation: nil) ?? shape.example
        default: return shape.example
        }
    }
}
