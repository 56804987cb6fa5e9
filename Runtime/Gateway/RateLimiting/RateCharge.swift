/// One bucket that a request is to be taken from.
struct RateCharge: Sendable {
    /// The keyed hash of rule and subject.
    let key: UInt64
    /// The rule's arithmetic.
    let bucket: GCRA
    /// What the store says; before that, nothing.
    var verdict = GCRA.Verdict(isAllowed: false, remaining: 0, seconds: 0)

    init(key: UInt64, bucket: GCRA) {
        self.key = key
        self.bucket = bucket
    }
}
