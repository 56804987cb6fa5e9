import Manifests
import Synchronization

/// The key set at one URL: `KeySetMachine` with a lock, a clock and a fetcher.
///
/// Whoever owns it calls `tick` when serving begins and about once a second from then on. It outlives manifests: a new
/// generation with the same URL and algorithms goes on with the keys that are there.
public final class KeySetSource: Sendable {
    /// A token that asks for its key.
    struct Waiter: Sendable {
        let keyID: [UInt8]?
        let algorithm: JWTAlgorithm
        let completion: @Sendable (KeySetMachine.Answer) -> Void
    }

    private struct State {
        var machine = KeySetMachine()
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
    }

    /// The URL of the set.
    public let url: String
    /// What its keys are used for.
    public let algorithms: [JWTAlgorithm]

    private let fetcher: any KeySetFetcher
    private let clock: @Sendable () -> UInt64
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let sets = Atomic<UInt64>(0)
    private let usable = Atomic<Bool>(false)

    /// - Parameters:
    ///   - url: https, or http to a loopback address.
    ///   - algorithms: the manifest's.
    ///   - fetcher: what gets it.
    ///   - clock: nanoseconds, never going back.
    ///   - log: takes warnings; they hold no part of the URL.
    public init(
        url: String, algorithms: [JWTAlgorithm], fetcher: any KeySetFetcher,
        clock: @escaping @Sendable () -> UInt64 = GatewayClock.system.monotonicNanoseconds,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.url = url
        self.algorithms = algorithms
        self.fetcher = fetcher
        self.clock = clock
        self.log = log
    }

    /// Fetches when that is due, and ends the wait of those who have waited too long.
    public func tick() {
        let now = clock()
        perform(
            state.withLock { state in
                let actions = state.machine.tick(at: now)
                note(state.machine, now)
                return actions
            })
    }

    /// Changes when the keys do: what was verified by other keys must be verified again.
    var epoch: UInt64 { sets.load(ordering: .acquiring) }

    /// Whether there are keys that are not too old; as of the last `tick` or fetch.
    var isUsable: Bool { usable.load(ordering: .acquiring) }

    /// Finds the keys for a token. `completion` is called once, at once or when the fetch that it needs has ended, on
    /// the thread of whoever ends it; never with `wait`.
    func find(
        keyID: [UInt8]?, algorithm: JWTAlgorithm, completion: @escaping @Sendable (KeySetMachine.Answer) -> Void
    ) {
        let now = clock()
        let (answer, actions) = state.withLock { state in
            state.lastWaiter &+= 1
            let id = state.lastWaiter
            let (answer, actions) = state.machine.want(keyID, algorithm, waiter: id, at: now)
            if case .wait = answer {
                state.waiters[id] = Waiter(keyID: keyID, algorithm: algorithm, completion: completion)
            }
            return (answer, actions)
        }
        if case .wait = answer {} else { completion(answer) }
        perform(actions)
    }

    /// Called under the lock.
    private func note(_ machine: KeySetMachine, _ now: UInt64) {
        usable.store(machine.isUsable(at: now), ordering: .releasing)
    }

    private func perform(_ actions: [KeySetMachine.Action]) {
        for action in actions {
            switch action {
            case .fetch(let number):
                fetcher.fetch(url) { [weak self] result in self?.finish(number, result) }
            case .settle(let ids): settle(ids)
            }
        }
    }

    private func settle(_ ids: [UInt64]) {
        let now = clock()
        let settled = state.withLock { state in
            ids.compactMap { id -> (Waiter, KeySetMachine.Answer)? in
                guard let waiter = state.waiters.removeValue(forKey: id) else { return nil }
                return (waiter, state.machine.settle(waiter.keyID, waiter.algorithm, at: now))
            }
        }
        for (waiter, answer) in settled { waiter.completion(answer) }
    }

    private func finish(_ number: UInt64, _ result: Result<FetchedKeySet, any Error>) {
        var set: KeySet?
        var fresh: UInt64 = 0
        do {
            let fetched = try result.get()
            fresh = fetched.freshSeconds
            set = try KeySet(json: fetched.body, allowed: algorithms)
        } catch let fault as KeySet.Fault {
            log("The key set is not taken: \(fault.sentence)")
        } catch {
            log("The key set cannot be fetched: \(error)")
        }
        let now = clock()
        let (actions, isNew) = state.withLock { state in
            let before = state.machine.keys
            let actions = state.machine.finished(number, set, freshSeconds: fresh, at: now)
            var isNew = false
            if let after = state.machine.keys, before.map({ !$0.isSame(as: after) }) ?? true {
                isNew = true
                sets.add(1, ordering: .acquiringAndReleasing)
            }
            note(state.machine, now)
            return (actions, isNew)
        }
        if isNew, let skipped = set?.skipped {
            for reason in skipped.prefix(10) { log("The key set has something that is not used: \(reason)") }
        }
        perform(actions)
    }
}
