/// Why a regular expression cannot be used.
struct PatternProblem: Error, Equatable {
    /// What is wrong, as a clause that follows "the pattern": "has a group that is not closed".
    let message: String
    /// What to write instead.
    let fix: String
    /// Where, in Unicode scalars from the pattern's start.
    let offset: Int
}
