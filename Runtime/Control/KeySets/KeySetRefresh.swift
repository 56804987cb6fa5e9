import Gateway
import Manifests
import ServiceLifecycle
import WorkerLoop

/// Keeps the key set of the manifest fresh for as long as the server runs, on a `WorkerLoop` on a thread of its own.
final class KeySetRefresh: Service {
    /// How often it is looked whether a fetch is due.
    static let pause = Duration.seconds(1)

    private let loop: WorkerLoop
    private let fetcher: KeySetFetch
    /// The keys.
    let source: KeySetSource

    /// The refresh of what the manifest names; nil where it names no URL.
    ///
    /// - Parameter warn: takes what the log should say; no part of the URL is in it.
    /// - Throws: `CommandFailure` when no loop can be had.
    init?(_ settings: AuthSettings?, warn: @escaping @Sendable (String) -> Void) throws {
        guard let jwt = settings?.jwt, case .url(let url) = jwt.keys else { return nil }
        do {
            let loop = try WorkerLoop()
            let fetcher = try KeySetFetch(on: loop)
            self.loop = loop
            self.fetcher = fetcher
            source = KeySetSource(url: url, algorithms: jwt.algorithms, fetcher: fetcher, log: warn)
        } catch {
            throw CommandFailure("The key set cannot be fetched: \(error)")
        }
    }

    /// Fetches until the graceful shutdown.
    func run() async throws {
        await cancelWhenGracefulShutdown { await self.refresh() }
    }

    /// Fetches until the task is cancelled.
    func refresh() async {
        guard let thread = try? loop.runOnOwnThread() else { return }
        let (loop, source) = (loop, source)
        await withTaskExecutorPreference(loop.taskExecutor) {
            while !Task.isCancelled {
                source.tick()
                try? await Task.sleep(for: Self.pause)
            }
        }
        fetcher.close()
        loop.stop()
        thread.join()
    }
}
