/// What is wrong with a text that must have a form, as the end of a sentence (`… has no port`), and its fix.
struct TextProblem: Error {
    var message: String
    var fix: String

    init(_ message: String, fix: String) {
        self.message = message
        self.fix = fix
    }
}
