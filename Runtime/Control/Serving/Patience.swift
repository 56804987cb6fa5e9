import Synchronization

/// How long a server that stops waits for what is in flight: as long as it may, until a second signal ends that.
final class Patience: Sendable {
    private let hasEnded = Atomic<Bool>(false)
    private let end: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (end, continuation) = AsyncStream.makeStream(of: Void.self) }

    /// From now on nothing is waited for.
    func lose() {
        hasEnded.store(true, ordering: .sequentiallyConsistent)
        continuation.finish()
    }

    /// This time, or none any more.
    func grace(_ time: Duration) -> Duration {
        hasEnded.load(ordering: .sequentiallyConsistent) ? .zero : time
    }

    /// Waits for so long, or until nothing is waited for any more. Called once.
    func wait(for time: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: time) }
            group.addTask { [end] in for await _ in end {} }
            _ = await group.next()
            group.cancelAll()
        }
    }
}
