import WireProtocol

/// What a pool decided under its lock, to be done once that is open again. An object, so that its lists are filled and
/// emptied in place and never copied; it belongs to whoever took it from its loop's port.
final class PoolEffects {
    /// For event loops.
    var messages: [LoopMessage] = []
    /// Processes to be ended.
    var signals: [Signal] = []
    /// For the observer.
    var events: [PoolEvent] = []
    /// Who hears of the events.
    var observer: (any PoolObserver)?
    /// Who waits for the pool's end.
    var closers: [@Sendable () -> Void] = []

    /// A process to be ended.
    struct Signal {
        var spawner: Spawner
        var token: UInt64
        var isKill: Bool
    }

    /// Does what belongs to no loop, and empties all.
    func finish() {
        messages.removeAll(keepingCapacity: true)
        if !signals.isEmpty {
            for signal in signals {
                if signal.isKill { signal.spawner.kill(signal.token) } else { signal.spawner.terminate(signal.token) }
            }
            signals.removeAll()
        }
        if !events.isEmpty {
            let gone = events
            events.removeAll()
            for event in gone { observer?.observed(event) }
        }
        if !closers.isEmpty {
            let gone = closers
            closers.removeAll()
            for closer in gone { closer() }
        }
    }
}
