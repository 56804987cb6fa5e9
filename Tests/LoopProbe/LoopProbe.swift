import Glibc
import WorkerLoop

/// A worker without functions: installs the shared loop as a function's `main` does, runs one of everything
/// that could start a thread, and prints what it saw, one `name=value` a line.
@main
enum LoopProbe {
    static func main() {
        guard let loop = try? WorkerLoop.installAsGlobal() else { exit(1) }
        Task {
            await report(loop)
            loop.stop()
        }
        loop.run()
        print("returned=yes")
    }

    private static func report(_ loop: WorkerLoop) async {
        show("async", await plain(3) == 3 && loop.isCurrent)
        show("task", await Task { loop.isCurrent }.value)
        show("detached", await Task.detached { loop.isCurrent }.value)
        let before = loop.now()
        let slept: Void? = try? await Task.sleep(for: .milliseconds(5))
        show("sleep", slept != nil && before.duration(to: loop.now()) >= .milliseconds(5) && loop.isCurrent)
        show("main", await onMainActor(loop))
        show("group", await group(loop))
        show("actor", await Counter().isOn(loop))
        show("pinned", await PinnedCounter(loop).isOn(loop))
        show("deadline", await deadline(loop))
        print("threads=\(threadCount())")
    }

    private static func show(_ name: String, _ isTrue: Bool) {
        print("\(name)=\(isTrue ? "yes" : "no")")
    }

    @inline(never) private static func plain(_ depth: Int) async -> Int {
        depth == 0 ? 0 : await plain(depth - 1) + 1
    }

    @MainActor private static func onMainActor(_ loop: WorkerLoop) -> Bool {
        MainActor.preconditionIsolated()
        return loop.isCurrent
    }

    private static func group(_ loop: WorkerLoop) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { loop.isCurrent } }
            return await group.allSatisfy { $0 }
        }
    }

    private static func deadline(_ loop: WorkerLoop) async -> Bool {
        do {
            try await withDeadline(.milliseconds(1), on: loop) { try await Task.sleep(for: .seconds(3600)) }
            return false
        } catch {
            return error is DeadlineExceeded
        }
    }

    private static func threadCount() -> Int {
        guard let directory = opendir("/proc/self/task") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }
}

private actor Counter {
    func isOn(_ loop: WorkerLoop) -> Bool { loop.isCurrent }
}

private actor PinnedCounter {
    private let executor: LoopExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ loop: WorkerLoop) {
        executor = loop.serialExecutor
    }

    func isOn(_ loop: WorkerLoop) -> Bool {
        preconditionIsolated()
        return loop.isCurrent
    }
}
