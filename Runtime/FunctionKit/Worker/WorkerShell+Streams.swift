import WorkerLoop

// Bodies that pass through the worker part by part.
extension WorkerShell: StreamHost {
    /// From so many bytes on that wait on a stream its writer waits too.
    private static var highWater: Int { 64 * 1024 }

    // MARK: Requests

    /// A request whose body the handler reads as it comes: it begins at once.
    func takeStreamed(_ invocation: consuming Invocation, _ stream: StreamID, _ length: Int?) {
        let queue = BodyQueue(stream, length: length, loop: loop) { [unowned self] stream, count in
            link.release(count, of: stream, into: &out)
        }
        take(invocation, stream, body: queue)
    }

    /// Gives DATA to the handler that reads it; false when no handler does, and the body is gathered.
    func passOn(_ payload: UnsafeRawBufferPointer, _ header: FrameHeader) throws -> Bool {
        guard let queue = entries[link.index(of: header.stream)]?.state?.body, queue.stream == header.stream
        else { return false }
        link.stored(payload.count, into: &out)
        try queue.append(payload, isEnd: header.isEnd)
        return true
    }

    // MARK: Answers

    /// Sends what a handler streams, to its end.
    func answer(_ state: RequestState, streaming output: Handler.Output) async {
        guard let output = output as? any StreamingOutput else { return }
        let stream = output.stream
        let worker = WorkerStream(state.stream, stream, host: self)
        state.output = worker
        do {
            if stream.beginsAtOnce { try worker.begin() }
            if let keepAlive = stream.keepAlive { keep(worker, keepAlive.every, keepAlive.bytes) }
            try await stream.body(ByteWriter(sink: worker))
            try worker.finish()
            // The end of an answer that was cancelled is not sent, and its stream has to end all the same.
            if link.isOpen(state.stream), !link.isActive(state.stream) { throw CancellationError() }
            close(state.stream)
        } catch {
            if worker.hasBegun { breakOff(state.stream, error) } else { fail(state.stream, error) }
        }
        worker.end()
        if let timer = worker.keepAlive { loop.cancel(timer) }
        state.output = nil
    }

    /// The answer is under way and cannot be made good: its stream ends with RESET.
    private func breakOff(_ stream: StreamID, _ error: any Error) {
        let reason = entries[link.index(of: stream)]?.cancelled
        // What was written before goes out before, as far as the windows allow: it may say what went wrong.
        link.writeData(into: &out)
        link.reset(stream, HandlerFailure.error(for: error, cancelled: reason), into: &out)
        close(stream)
    }

    /// Sends `bytes` whenever nothing was written for so long.
    private func keep(_ stream: WorkerStream, _ time: Duration, _ bytes: [UInt8]) {
        let due = max(stream.lastWrite.advanced(by: time), loop.now().advanced(by: .milliseconds(1)))
        stream.keepAlive = loop.schedule(at: due) { [unowned self, weak stream] in
            guard let stream, !stream.isOver else { return }
            if stream.lastWrite.duration(to: loop.now()) >= time, hasRoom(stream) { _ = try? stream.write(bytes) }
            keep(stream, time, bytes)
        }
    }

    func begin(_ stream: StreamID, _ head: Reply, length: Int?) -> Bool {
        link.beginAnswer(stream, head, length: length, into: &out)
    }

    func send(_ bytes: [UInt8], on stream: WorkerStream) -> Bool {
        link.send(bytes, on: stream.id, end: false)
        guard link.pendingBytes(on: stream.id) >= Self.highWater else { return true }
        if !fullStreams.contains(where: { $0 === stream }) { fullStreams.append(stream) }
        return false
    }

    func hasRoom(_ stream: WorkerStream) -> Bool { !fullStreams.contains { $0 === stream } }

    func finish(_ stream: StreamID) { link.send([], on: stream, end: true) }

    /// Lets the writers go on whose bytes have all been sent.
    func resumeWriters() {
        for index in fullStreams.indices.reversed() where link.pendingBytes(on: fullStreams[index].id) == 0 {
            fullStreams.remove(at: index).wake()
        }
    }
}
