import WorkerLoop

/// Brings a streamed request's body from its writer to libcurl: the shell around `BodyOutbox`.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class BodyFeed: @unchecked Sendable {
    typealias Waiting = CheckedContinuation<Void, any Error>

    let loop: WorkerLoop
    let length: Int?
    /// The transfer that takes the body; nil between two.
    weak var transfer: Transfer?

    private(set) var outbox: BodyOutbox
    private var isClosed = false
    private var demand: CheckedContinuation<Bool, Never>?
    private var writers: [UInt64: Waiting] = [:]
    private var lastWriter: UInt64 = 0
    private var pump: Task<Void, Never>?

    init(loop: WorkerLoop, length: Int?, _ produce: @escaping HTTPRequestBody.Produce) {
        self.loop = loop
        self.length = length
        outbox = BodyOutbox(length: length)
        // In the caller's context, so that its task-locals are the producer's.
        let work: @Sendable () async -> Void = { [self] in
            guard await isWanted() else { return }
            do {
                try await produce(HTTPBodyWriter(feed: self))
                try finish()
            } catch {
                fail(error)
            }
        }
        pump =
            WorkerLoop.global === loop
            ? Task(operation: work) : Task(executorPreference: loop.taskExecutor, operation: work)
    }

    /// Ends it, and waits until the writer has ended too.
    func close() async {
        isClosed = true
        demand?.resume(returning: false)
        demand = nil
        pump?.cancel()
        resumeWriters(.failure(CancellationError()))
        await pump?.value
        pump = nil
    }

    /// Fills libcurl's buffer.
    func pull(into room: UnsafeMutableRawBufferPointer) -> BodyOutbox.Pull {
        let pull = outbox.pull(into: room)
        demand?.resume(returning: true)
        demand = nil
        if outbox.hasRoom { resumeWriters(.success(())) }
        return pull
    }

    /// Takes bytes and waits for room, on the loop's thread.
    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        guard !isClosed else { throw CancellationError() }
        if try outbox.write(bytes) { transfer?.resume() }
        if outbox.hasRoom { return }
        lastWriter += 1
        let id = lastWriter
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                writers[id] = continuation
                if Task.isCancelled { cancelWriter(id) }
            }
        } onCancel: {
            loop.post { [self] in cancelWriter(id) }
        }
    }

    private func isWanted() async -> Bool {
        await withCheckedContinuation { continuation in
            if isClosed {
                continuation.resume(returning: false)
            } else if outbox.hasBegun {
                continuation.resume(returning: true)
            } else {
                demand = continuation
            }
        }
    }

    private func finish() throws {
        guard !isClosed else { return }
        if try outbox.finish() { transfer?.resume() }
    }

    private func fail(_ error: any Error) {
        if !isClosed { transfer?.fail(error) }
    }

    private func cancelWriter(_ id: UInt64) {
        writers.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }

    private func resumeWriters(_ result: Result<Void, any Error>) {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers = [:]
        for writer in waiting.values { writer.resume(with: result) }
    }
}
