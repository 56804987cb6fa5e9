/// A regular expression as a tree. Groups and greediness leave no trace: they do not change whether a text matches.
indirect enum PatternNode {
    /// A condition on a place between two characters.
    enum Assertion: UInt8 {
        /// `^`: the text begins here.
        case start
        /// `$`: the text ends here.
        case end
        /// `\b`: one neighbour belongs to a word, the other does not.
        case boundary
        /// `\B`: no boundary.
        case noBoundary
    }

    case empty
    case set(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// At least `min` times, at most `max`; nil: any number.
    case repeated(PatternNode, min: Int, max: Int?)
}
