/// What a transaction sees of others that run at the same time (PostgreSQL manual, 13.2).
public enum TransactionIsolation: Sendable, Hashable {
    /// Each statement sees what was committed before it began; PostgreSQL's own default.
    case readCommitted
    /// All statements see what was committed before the first of them; a row that another transaction changed
    /// meanwhile makes changing it fail with 40001.
    case repeatableRead
    /// As if transactions ran one after the other; what does not fit fails with 40001.
    case serializable

    func begin(isReadOnly: Bool) -> SQL {
        // The words are written out, so that the statement's text is one of six.
        switch (self, isReadOnly) {
        case (.readCommitted, false): "BEGIN ISOLATION LEVEL READ COMMITTED"
        case (.readCommitted, true): "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
        case (.repeatableRead, false): "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case (.repeatableRead, true): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case (.serializable, false): "BEGIN ISOLATION LEVEL SERIALIZABLE"
        case (.serializable, true): "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
        }
    }
}
