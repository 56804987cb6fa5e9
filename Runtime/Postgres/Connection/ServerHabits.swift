import Synchronization

/// What a pool has learnt about its server.
final class ServerHabits: Sendable {
    private let refuses = Atomic<Bool>(false)

    /// Whether `ConnectionParameters.niceties` may be sent.
    var takesNiceties: Bool { !refuses.load(ordering: .relaxed) }

    /// They were refused: connections are opened without them from now on.
    func refusedNiceties() { refuses.store(true, ordering: .relaxed) }
}
