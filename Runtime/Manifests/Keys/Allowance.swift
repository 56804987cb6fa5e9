/// Which of the known keys may be written.
package enum Allowance: Sendable {
    /// Those that are obeyed.
    case supported
    /// All that have a type, for tests.
    case everything

    func refuses(_ path: String) -> Bool {
        UnsupportedKeys.later.contains(path) || (self == .supported && UnsupportedKeys.typed.contains(path))
    }
}
