import CLinux

/// Who waits for which descriptor, and what the kernel has been told about it. No system calls: each change
/// answers with what epoll must be told.
///
/// A descriptor with a watch is level-triggered and stays registered; one with waits only is one-shot, so
/// that a wait costs one `epoll_ctl` and its end none. A descriptor's number is reused by the system, so each
/// registration has a generation, and an event of an older one is known as stale.
struct DescriptorTable<Waiter> {
    /// What epoll must be told.
    enum Change: Equatable {
        case add(events: UInt32, token: UInt64)
        case modify(events: UInt32, token: UInt64)
        case remove
    }

    typealias Callback = @Sendable (Readiness) -> Void

    private struct Wait {
        var id: UInt64
        var interest: Readiness
        var waiter: Waiter
    }

    private struct Entry {
        var generation: UInt32 = 0
        /// The kernel knows the descriptor; exits: `remove`, or the kernel says that it does not.
        var isRegistered = false
        /// What the kernel reports; 0 after a one-shot registration has fired.
        var armed: UInt32 = 0
        var watchID: UInt64 = 0
        var watched: Readiness = []
        var callback: Callback?
        var waits: [Wait] = []
    }

    private var entries: [Entry] = []

    // MARK: Interest

    mutating func addWait(_ descriptor: Int32, id: UInt64, for interest: Readiness, _ waiter: Waiter)
        -> Change?
    {
        let index = slot(of: descriptor)
        entries[index].waits.append(Wait(id: id, interest: interest, waiter: waiter))
        return change(at: index)
    }

    /// Takes out one wait; nil if it has ended already. The kernel stays as it is: a one-shot event that
    /// nobody waits for costs one wake-up at most, a call costs always.
    mutating func removeWait(_ descriptor: Int32, id: UInt64) -> Waiter? {
        guard let index = known(descriptor) else { return nil }
        guard let position = entries[index].waits.firstIndex(where: { $0.id == id }) else { return nil }
        return entries[index].waits.remove(at: position).waiter
    }

    /// Sets the watch, in place of any other that the descriptor had.
    mutating func setWatch(
        _ descriptor: Int32, id: UInt64, for interest: Readiness, _ callback: @escaping Callback
    ) -> Change? {
        let index = slot(of: descriptor)
        entries[index].watchID = id
        entries[index].watched = interest
        entries[index].callback = callback
        return change(at: index)
    }

    mutating func changeWatch(_ descriptor: Int32, id: UInt64, adding: Readiness, removing: Readiness)
        -> Change?
    {
        guard let index = known(descriptor), entries[index].watchID == id else { return nil }
        entries[index].watched.formUnion(adding)
        entries[index].watched.subtract(removing)
        return change(at: index)
    }

    mutating func removeWatch(_ descriptor: Int32, id: UInt64) -> Change? {
        guard let index = known(descriptor), entries[index].watchID == id else { return nil }
        dropWatch(at: index)
        return change(at: index)
    }

    // MARK: Events

    /// Whether the token is of the descriptor's present registration. Takes note of a one-shot's end.
    mutating func accept(_ token: UInt64) -> Bool {
        let descriptor = Int32(truncatingIfNeeded: token)
        guard let index = known(descriptor), entries[index].isRegistered else { return false }
        guard entries[index].generation == UInt32(truncatingIfNeeded: token >> 32) else { return false }
        if entries[index].armed & clinux_epoll_oneshot != 0 { entries[index].armed = 0 }
        return true
    }

    /// Takes out one wait that `ready` ends; asked again until it answers nil.
    mutating func takeWait(_ descriptor: Int32, readyFor ready: Readiness) -> Waiter? {
        guard let index = known(descriptor), !entries[index].waits.isEmpty else { return nil }
        guard let position = entries[index].waits.firstIndex(where: { !$0.interest.isDisjoint(with: ready) })
        else { return nil }
        return entries[index].waits.remove(at: position).waiter
    }

    /// The watch's callback, and what of `ready` it asked for.
    func watch(_ descriptor: Int32, readyFor ready: Readiness) -> (callback: Callback, ready: Readiness)? {
        guard let index = known(descriptor), let callback = entries[index].callback else { return nil }
        let asked = ready.intersection(entries[index].watched.union([.hangup, .error]))
        return asked.isEmpty ? nil : (callback, asked)
    }

    /// What epoll must be told after events or failures were dealt with.
    mutating func settle(_ descriptor: Int32) -> Change? {
        guard let index = known(descriptor) else { return nil }
        return change(at: index)
    }

    // MARK: Ends

    /// Forgets the descriptor, which is about to be closed; the remaining waits are in the answer.
    mutating func forget(_ descriptor: Int32) -> (change: Change?, waiters: [Waiter]) {
        guard let index = known(descriptor) else { return (nil, []) }
        let waiters = entries[index].waits.map(\.waiter)
        entries[index].waits.removeAll()
        dropWatch(at: index)
        guard entries[index].isRegistered else { return (nil, waiters) }
        unregister(index)
        return (.remove, waiters)
    }

    /// The kernel does not know the descriptor although it was registered: the file of that number was
    /// closed, and whoever registered before `newest` meant another file. Answers with those waits.
    mutating func replace(_ descriptor: Int32, keeping newest: UInt64) -> (change: Change?, stale: [Waiter]) {
        guard let index = known(descriptor) else { return (nil, []) }
        unregister(index)
        let stale = entries[index].waits.filter { $0.id != newest }.map(\.waiter)
        entries[index].waits.removeAll { $0.id != newest }
        if entries[index].watchID != newest { dropWatch(at: index) }
        return (change(at: index), stale)
    }

    /// The kernel has refused to add the descriptor.
    mutating func markUnregistered(_ descriptor: Int32) {
        guard let index = known(descriptor) else { return }
        unregister(index)
    }

    /// Every descriptor anew, for an epoll that knows none yet.
    mutating func registerAll() -> [(descriptor: Int32, change: Change)] {
        var changes: [(descriptor: Int32, change: Change)] = []
        for index in entries.indices where entries[index].isRegistered {
            unregister(index)
            guard let change = change(at: index) else { continue }
            changes.append((Int32(truncatingIfNeeded: index), change))
        }
        return changes
    }

    // MARK: Inside

    private mutating func slot(of descriptor: Int32) -> Int {
        let index = Int(descriptor)
        while entries.count <= index { entries.append(Entry()) }
        return index
    }

    private func known(_ descriptor: Int32) -> Int? {
        let index = Int(descriptor)
        return entries.indices.contains(index) ? index : nil
    }

    private mutating func dropWatch(at index: Int) {
        entries[index].watchID = 0
        entries[index].watched = []
        entries[index].callback = nil
    }

    private mutating func unregister(_ index: Int) {
        entries[index].isRegistered = false
        entries[index].armed = 0
        entries[index].generation &+= 1
    }

    private mutating func change(at index: Int) -> Change? {
        let isWatched = !entries[index].watched.isEmpty
        var interest = entries[index].watched
        for wait in entries[index].waits { interest.formUnion(wait.interest) }

        var events: UInt32 = 0
        if interest.contains(.read) { events |= clinux_epoll_in }
        if interest.contains(.write) { events |= clinux_epoll_out }
        guard events != 0 else {
            // A one-shot registration left over is harmless. A level-triggered one must go, even with no
            // events asked for: the kernel would report a hangup in each wait, for ever.
            guard entries[index].isRegistered, entries[index].armed & clinux_epoll_oneshot == 0,
                entries[index].armed != 0
            else { return nil }
            unregister(index)
            return .remove
        }
        if !isWatched { events |= clinux_epoll_oneshot }

        let token = UInt64(entries[index].generation) << 32 | UInt64(UInt32(index))
        if !entries[index].isRegistered {
            entries[index].isRegistered = true
            entries[index].armed = events
            return .add(events: events, token: token)
        }
        guard entries[index].armed != events else { return nil }
        entries[index].armed = events
        return .modify(events: events, token: token)
    }
}
