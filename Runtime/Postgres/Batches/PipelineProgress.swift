/// What was sent through a pipeline and is not answered yet, and what was answered.
struct PipelineProgress {
    struct Step {
        enum Kind {
            case run
            case prepare(StatementName)
            case release(StatementName)
            case releaseAll
        }

        var kind: Kind
        /// For which statement of the batch.
        var statement: Int
        /// Whether it runs by a name that the statement had already.
        var isKnown = false
    }

    /// What was sent, in its order.
    var steps: [Step] = []
    /// The statements' results, in their order.
    var results: [PostgresResult] = []
    /// The first error.
    var failure: PostgresError?
    /// The result whose end has not come yet.
    var current: PostgresResult?
    private var answered = 0

    /// The step that was answered now.
    mutating func nextStep() -> Step? {
        guard answered < steps.count else { return nil }
        defer { answered += 1 }
        return steps[answered]
    }
}
