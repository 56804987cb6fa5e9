import CLinux
import Glibc

// What workers print, turned into log lines.
extension SpawnerThread {
    /// Reads once from one of a process's pipes; the rest comes with the next event, so that one flood does not keep
    /// the others waiting.
    func read(_ stream: WorkerOutputLine.Stream, of process: SpawnedProcess) { _ = readOnce(stream, of: process) }

    /// Reads what a process left behind, up to 1 MiB a stream, closes its pipes, and says how much was dropped last.
    func drain(_ process: SpawnedProcess) {
        for stream in [WorkerOutputLine.Stream.output, .error] {
            var rounds = 0
            while rounds < 16, readOnce(stream, of: process) { rounds += 1 }
            end(stream, of: process)
        }
        let dropped = process.limiter.takeDrops()
        guard dropped > 0 else { return }
        sink.output(WorkerOutputLine(worker: process.identity, stream: .error, text: "", dropped: dropped))
    }

    /// True when there may be more.
    private func readOnce(_ stream: WorkerOutputLine.Stream, of process: SpawnedProcess) -> Bool {
        let descriptor = stream == .output ? process.output.descriptor : process.error.descriptor
        guard descriptor >= 0 else { return false }
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        guard count > 0 else {
            end(stream, of: process)
            return false
        }
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
        process.tail.append(bytes)
        let now = Instant.now()
        switch stream {
        case .output: process.output.cutter.feed(bytes) { emit($0, stream, process, now) }
        case .error: process.error.cutter.feed(bytes) { emit($0, stream, process, now) }
        }
        return true
    }

    private func end(_ stream: WorkerOutputLine.Stream, of process: SpawnedProcess) {
        let descriptor = stream == .output ? process.output.descriptor : process.error.descriptor
        guard descriptor >= 0 else { return }
        let now = Instant.now()
        switch stream {
        case .output:
            process.output.cutter.finish { emit($0, stream, process, now) }
            process.output.descriptor = -1
        case .error:
            process.error.cutter.finish { emit($0, stream, process, now) }
            process.error.descriptor = -1
        }
        _ = clinux_epoll_remove(epoll, descriptor)
        close(descriptor)
    }

    private func emit(
        _ line: UnsafeRawBufferPointer, _ stream: WorkerOutputLine.Stream, _ process: SpawnedProcess, _ now: Instant
    ) {
        guard let dropped = process.limiter.admit(line.count, at: now) else { return }
        sink.output(
            WorkerOutputLine(
                worker: process.identity, stream: stream, text: LineText.escaped(line), dropped: dropped))
    }
}
