import Synchronization

@testable import Gateway

/// Keys in memory. Notes how each claim that runs is ended: exactly once, or it is a fault.
final class FakeIdempotencyStore: IdempotencyStore {
    /// How a claim was ended.
    enum Ending: Equatable {
        case finished(UInt16)
        case released(after: UInt64)
        case abandoned
    }
    private struct State {
        var records: [ScopedKey: IdempotencyRecord] = [:]
        var running: Set<ScopedKey> = []
        var endings: [Ending] = []
        var faults: [String] = []
        var refusal: IdempotencyDecision?
        var keeps = true
        var isSlow = false
        var held: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    var endings: [Ending] { state.withLock { $0.endings } }
    /// How many claims run and have not been ended.
    var running: Int { state.withLock { $0.running.count } }
    /// Claims that were ended though they did not run.
    var faults: [String] { state.withLock { $0.faults } }
    /// How many completions are held back.
    var held: Int { state.withLock { $0.held.count } }

    /// What every key is told from now on; nil: what is true.
    func refuse(_ decision: IdempotencyDecision?) { state.withLock { $0.refusal = decision } }
    /// Whether responses can be kept.
    func keep(_ keeps: Bool) { state.withLock { $0.keeps = keeps } }
    /// Whether completions wait for `complete`.
    func slow(_ isSlow: Bool) { state.withLock { $0.isSlow = isSlow } }

    /// Calls a completion that was held back, the first or the one at a place.
    func complete(at place: Int = 0) {
        let completion = state.withLock { $0.held.indices.contains(place) ? $0.held.remove(at: place) : nil }
        completion?()
    }

    func begin(
        _ claim: IdempotencyClaim, unixMilliseconds now: UInt64,
        completion: @escaping @Sendable (IdempotencyDecision) -> Void
    ) {
        let decision = state.withLock { state in
            if let refusal = state.refusal { return refusal }
            let decision = IdempotencyRecord.decision(
                state.records[claim.scope], for: claim.fingerprint, owner: 1, now: now)
            guard decision == .run else { return decision }
            state.records[claim.scope] = IdempotencyRecord(
                fingerprint: claim.fingerprint, state: .running(owner: 1), expires: now + claim.lifetimeMilliseconds)
            if !state.running.insert(claim.scope).inserted { state.faults.append("runs twice") }
            return decision
        }
        call { completion(decision) }
    }

    func finish(
        _ claim: IdempotencyClaim, _ response: StoredResponse, unixMilliseconds now: UInt64,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let isKept = state.withLock { state in
            end(claim, .finished(response.status.code), &state)
            let kept: IdempotencyRecord.State =
                state.keeps ? .done(response) : .running(owner: IdempotencyRecord.nobody)
            state.records[claim.scope] = IdempotencyRecord(
                fingerprint: claim.fingerprint, state: kept, expires: now + claim.lifetimeMilliseconds)
            return state.keeps
        }
        call { completion(isKept) }
    }

    func release(_ claim: IdempotencyClaim, afterMilliseconds: UInt64, unixMilliseconds now: UInt64) {
        state.withLock { state in
            end(claim, .released(after: afterMilliseconds), &state)
            state.records[claim.scope] =
                afterMilliseconds == 0
                ? nil
                : IdempotencyRecord(fingerprint: claim.fingerprint, state: .ending, expires: now + afterMilliseconds)
        }
    }

    func abandon(_ claim: IdempotencyClaim) { state.withLock { end(claim, .abandoned, &$0) } }

    private func end(_ claim: IdempotencyClaim, _ ending: Ending, _ state: inout State) {
        state.endings.append(ending)
        if state.running.remove(claim.scope) == nil { state.faults.append("\(ending) of what does not run") }
    }

    private func call(_ completion: @escaping @Sendable () -> Void) {
        let isHeld = state.withLock { state in
            if state.isSlow { state.held.append(completion) }
            return state.isSlow
        }
        if !isHeld { completion() }
    }
}
