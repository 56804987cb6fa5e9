/// Collects every problem found while one manifest is loaded.
///
/// A reference, used by one load on one thread: each step adds to the same list.
final class ProblemList {
    private let file: String
    private var found: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []

    init(file: String) {
        self.file = file
    }

    /// More problems than this help nobody: the rest is counted in one last line.
    private static let limit = 200

    func error(_ position: Position, _ message: String, fix: String, file: String? = nil) {
        add(.error, position, message, fix, file)
    }

    func warning(_ position: Position, _ message: String, fix: String) {
        add(.warning, position, message, fix, nil)
    }

    /// The same problem at the same place (an alias, a default that every function inherits) is said once.
    private func add(
        _ severity: Diagnostic.Severity, _ position: Position, _ message: String, _ fix: String,
        _ other: String?
    ) {
        let diagnostic = Diagnostic(
            severity: severity, file: other ?? file, line: position.line, column: position.column,
            message: message, fix: fix)
        if seen.insert(diagnostic).inserted { found.append(diagnostic) }
    }

    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// In the order of the files' names and lines.
    var sorted: [Diagnostic] {
        let inOrder = found.sorted {
            ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
        }
        guard inOrder.count > Self.limit else { return inOrder }
        var shown = Array(inOrder.prefix(Self.limit))
        let last = inOrder[Self.limit]
        shown.append(
            Diagnostic(
                file: last.file, line: last.line, column: last.column,
                message: "\(inOrder.count - Self.limit) more problems from here on",
                fix: "mend the ones above first"))
        return shown
    }
}
