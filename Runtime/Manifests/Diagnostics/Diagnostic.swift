/// One problem of a manifest: where it is, what is wrong, and what to write instead.
///
/// Its text never holds a value that came from the environment or from a file, since that may be a secret.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How bad a problem is.
    public enum Severity: String, Sendable, Hashable {
        /// The manifest cannot be used.
        case error
        /// The manifest can be used, but probably does not do what is wanted.
        case warning
    }

    /// An error makes the manifest unusable, a warning does not.
    public var severity: Severity
    /// The file's path as it was given to the loader.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, in Unicode scalars.
    public var column: Int
    /// What is wrong, as one sentence without a full stop.
    public var message: String
    /// What to write instead.
    public var fix: String

    /// Makes a problem.
    public init(
        severity: Severity = .error, file: String, line: Int, column: Int, message: String, fix: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix
    }

    /// Two lines: `manifest.yaml:LINE:COLUMN: error: what is wrong`, then `  fix: what to write`.
    public var description: String {
        "\(file):\(line):\(column): \(severity.rawValue): \(message)\n  fix: \(fix)"
    }
}
