/// One problem of a schema: where in it, what is wrong, and what to write instead.
struct SchemaProblem: Sendable, Equatable {
    /// The JSON pointer (RFC 6901) of the place; empty for the schema as a whole.
    var pointer: String
    /// What is wrong, as one sentence without a full stop.
    var message: String
    /// What to write instead.
    var fix: String
    /// Whether the schema can be used all the same.
    var isWarning = false
    /// The schema that a reference names and that is not in the document; nil for other problems.
    var missing: String?
}

/// Why a schema cannot be used: every problem, not the first.
struct SchemaProblems: Error, Sendable, Equatable {
    let list: [SchemaProblem]
}
