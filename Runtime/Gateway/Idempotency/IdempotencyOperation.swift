/// What the store was asked for, on its way to the file.
enum IdempotencyOperation: Sendable {
    case begin(IdempotencyClaim, now: UInt64, @Sendable (IdempotencyDecision) -> Void)
    case finish(IdempotencyClaim, StoredResponse, now: UInt64, @Sendable (Bool) -> Void)
    /// `at` nil: at once.
    case release(IdempotencyClaim, at: UInt64?)
    case abandon(IdempotencyClaim)

    /// What is owed to whoever asked.
    enum Result {
        case decision(IdempotencyDecision)
        case kept(Bool)
        case none
    }

    /// Does it in the transaction that is open.
    func apply(to table: IdempotencyTable) throws -> Result {
        switch self {
        case .begin(let claim, let now, _): return .decision(try table.begin(claim, now: now))
        case .finish(let claim, let response, let now, _):
            return .kept(try table.finish(claim, response, now: now))
        case .release(let claim, nil): try table.release(claim)
        case .release(let claim, let time?): try table.release(claim, at: time)
        case .abandon(let claim): try table.abandon(claim)
        }
        return .none
    }

    /// Tells whoever asked.
    func complete(_ result: Result) {
        switch (self, result) {
        case (.begin(_, _, let completion), .decision(let decision)): completion(decision)
        case (.finish(_, _, _, let completion), .kept(let isKept)): completion(isKept)
        default: break
        }
    }

    /// Tells whoever asked that the file could not be used. Returns what must be made good when it can be again: nothing
    /// of a key may stay behind as if its request still ran.
    func fail(cause: String) -> IdempotencyOperation? {
        switch self {
        case .begin(_, _, let completion):
            completion(.unavailable(cause: cause))
            return nil
        case .finish(let claim, _, _, let completion):
            completion(false)
            return .abandon(claim)
        case .release, .abandon: return self
        }
    }
}
