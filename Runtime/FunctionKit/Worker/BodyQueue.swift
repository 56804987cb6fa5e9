import WorkerLoop

/// The parts of a streamed request body between the link and the handler.
///
/// `@unchecked Sendable`: touched only by the thread that runs the loop, but for the cancellation of a wait, which comes
/// there as a message.
final class BodyQueue: @unchecked Sendable {
    /// Who is told that parts were taken.
    typealias Taken = @Sendable (StreamID, Int) -> Void

    let stream: StreamID
    /// What the request says of the body's length.
    let length: Int?
    /// Nil outside a worker, where all parts are there from the start.
    private let loop: WorkerLoop?
    private let taken: Taken
    private var parts: [[UInt8]] = []
    private var first = 0
    private var came = 0
    private var isEnded = false
    private var isClaimed = false
    private var waiter: UnsafeContinuation<Void, Never>?

    init(_ stream: StreamID, length: Int?, loop: WorkerLoop, taken: @escaping Taken) {
        self.stream = stream
        self.length = length
        self.loop = loop
        self.taken = taken
    }

    /// A body that is all there, outside a worker.
    init(_ parts: [[UInt8]]) {
        stream = .link
        loop = nil
        taken = { _, _ in }
        self.parts = parts.filter { !$0.isEmpty }
        length = parts.reduce(0) { $0 + $1.count }
        isEnded = true
    }

    /// Takes what DATA brought. Throws `bodyLength` when the body is longer or shorter than announced.
    func append(_ payload: UnsafeRawBufferPointer, isEnd: Bool) throws(FrameError) {
        came += payload.count
        if let length, came > length || isEnd && came < length { throw .bodyLength(stream) }
        if !payload.isEmpty { parts.append([UInt8](payload)) }
        isEnded = isEnd
        wake()
    }

    /// Whether the caller is the first who reads it.
    func claim() -> Bool {
        defer { isClaimed = true }
        return !isClaimed
    }

    /// The next part; nil at the end. Throws `CancellationError`.
    nonisolated(nonsending) func next() async throws -> [UInt8]? {
        while true {
            if first < parts.count {
                let part = parts[first]
                first += 1
                if first == parts.count {
                    parts.removeAll(keepingCapacity: true)
                    first = 0
                }
                taken(stream, part.count)
                return part
            }
            if isEnded { return nil }
            try Task.checkCancellation()
            await wait()
        }
    }

    nonisolated(nonsending) private func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                wake()
                waiter = continuation
            }
        } onCancel: {
            // As a message: the wait may not have begun.
            loop?.post { self.wake() }
        }
    }

    private func wake() {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }
}
