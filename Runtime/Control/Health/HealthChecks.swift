import Gateway
import Manifests
import OutboundHTTP
import Postgres
import ServiceLifecycle
import Synchronization
import WorkerLoop

/// Asks the services of `health.services`, once in `health.every`, 2 s each, and remembers the answers.
///
/// The checks run on a `WorkerLoop` on a thread of its own, which exists only where the manifest names a service.
final class HealthChecks: HealthSource, Service {
    /// How long a service has to answer.
    static let limit = Duration.seconds(2)

    private let settings: HealthSettings
    private let probes: [HealthProbe]
    private let loop: WorkerLoop?
    private let latest: Mutex<HealthSnapshot>
    private let ready = Atomic<Bool>(true)

    /// Checks of these settings; nothing is asked before `run`, and until the first answers services count as
    /// unhealthy.
    /// - Throws: `CommandFailure` when a service's URL makes no sense, or no thread can be had.
    init(_ settings: HealthSettings) throws {
        self.settings = settings
        latest = Mutex(
            HealthSnapshot(
                services: settings.services.map {
                    .init(name: $0.name, isHealthy: false, isRequired: $0.required)
                }))
        guard !settings.services.isEmpty else {
            loop = nil
            probes = []
            return
        }
        do {
            let loop = try WorkerLoop()
            probes = try settings.services.map { try HealthProbe($0, on: loop) }
            self.loop = loop
        } catch {
            throw CommandFailure("The health checks cannot be set up: \(error)")
        }
    }

    func snapshot() -> HealthSnapshot { latest.withLock { $0 } }

    var isReady: Bool { ready.load(ordering: .relaxed) }

    /// From now on `/health/ready` is 503.
    func beginShutdown() { ready.store(false, ordering: .relaxed) }

    /// Checks until the graceful shutdown.
    func run() async throws {
        guard let loop else {
            try? await gracefulShutdown()
            return
        }
        let thread = try loop.runOnOwnThread()
        await cancelWhenGracefulShutdown {
            await withTaskExecutorPreference(loop.taskExecutor) {
                while !Task.isCancelled {
                    await self.checkAll(loop)
                    try? await Task.sleep(for: self.settings.every)
                }
            }
        }
        for probe in probes { probe.close() }
        loop.stop()
        thread.join()
    }

    /// Asks all services at once and keeps their answers.
    private func checkAll(_ loop: WorkerLoop) async {
        await withTaskGroup(of: (Int, Duration?).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask(executorPreference: loop.taskExecutor) { (index, await probe.check(within: Self.limit)) }
            }
            for await (index, latency) in group {
                latest.withLock {
                    $0.services[index].isHealthy = latency != nil
                    $0.services[index].latency = latency
                }
            }
        }
    }
}
