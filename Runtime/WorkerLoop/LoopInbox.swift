import CLinux
import Glibc
import Synchronization

/// What other threads leave for a loop, and the eventfd that wakes it.
///
/// It is an object of its own because executors and tasks may outlive their loop: what they leave then stays
/// where it is, instead of crashing. A wake-up is written only when the loop is in `epoll_wait`, and the
/// counter is never read, for the loop watches it edge-triggered.
final class LoopInbox: Sendable {
    enum Message: Sendable {
        case job(ReadyJob)
        case delayed(ReadyJob, until: LoopInstant)
        case call(@Sendable () -> Void)
    }

    /// The loop runs and has seen all messages; exits: `pending` (a message), `asleep` (it goes to wait).
    private static let awake: UInt8 = 0
    /// There are messages; exits: `awake` (the loop takes them).
    private static let pending: UInt8 = 1
    /// The loop waits; exits: `pending` (a message, whose sender writes the eventfd), `awake` (an event).
    private static let asleep: UInt8 = 2

    let eventDescriptor: Int32
    private let state = Atomic<UInt8>(LoopInbox.awake)
    private let stopFlag = Atomic<Bool>(false)
    private let waitNumbers = Atomic<UInt64>(0)
    private let messages = Mutex<[Message]>([])

    init() throws(SystemCallFailure) {
        eventDescriptor = clinux_eventfd_create()
        if eventDescriptor < 0 { throw SystemCallFailure(call: "eventfd", code: -eventDescriptor) }
    }

    deinit {
        if eventDescriptor >= 0 { close(eventDescriptor) }
    }

    // MARK: From any thread

    func submit(_ message: Message) {
        messages.withLock { $0.append(message) }
        wake()
    }

    func requestStop() {
        stopFlag.store(true, ordering: .releasing)
        wake()
    }

    /// A number never given before, for a wait or a timer.
    func nextNumber() -> UInt64 {
        waitNumbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    private func wake() {
        if state.exchange(Self.pending, ordering: .acquiringAndReleasing) == Self.asleep {
            _ = clinux_eventfd_signal(eventDescriptor)
        }
    }

    // MARK: From the loop's thread

    /// Whether a stop was requested since the last time this was asked.
    func takeStopRequest() -> Bool {
        stopFlag.load(ordering: .acquiring) && stopFlag.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// Exchanges the waiting messages for the empty array `taken`, whose memory serves the next ones.
    func take(into taken: inout [Message]) {
        guard state.load(ordering: .acquiring) == Self.pending else { return }
        state.store(Self.awake, ordering: .sequentiallyConsistent)
        messages.withLock { waiting in swap(&waiting, &taken) }
    }

    /// False when there are messages or a stop, so that the loop must not wait.
    func prepareToSleep() -> Bool {
        let isAsleep = state.compareExchange(
            expected: Self.awake, desired: Self.asleep, ordering: .acquiringAndReleasing
        ).exchanged
        guard isAsleep else { return false }
        // A stop may have come between the question for it and `take`, which has taken its `pending` away.
        guard stopFlag.load(ordering: .acquiring) else { return true }
        wokeUp()
        return false
    }

    func wokeUp() {
        _ = state.compareExchange(
            expected: Self.asleep, desired: Self.awake, ordering: .acquiringAndReleasing)
    }
}
