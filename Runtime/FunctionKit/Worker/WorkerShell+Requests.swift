import WorkerLoop

extension WorkerShell {
    /// Begins a request that is whole, or keeps it until the function is started.
    func take(_ invocation: consuming Invocation, _ stream: StreamID, body: BodyQueue? = nil) {
        let milliseconds = UInt64(invocation.timeoutMilliseconds)
        let deadline = LoopInstant(nanoseconds: now.nanoseconds &+ milliseconds * 1_000_000)
        let state = RequestState(invocation: invocation, stream: stream, deadline: deadline, log: log, body: body)
        if let function {
            run(state, function)
        } else {
            var entry = Entry(stream: stream)
            entry.state = state
            entries[link.index(of: stream)] = entry
            waiting.append(stream)
        }
    }

    /// Makes the task of a request. It runs in this wake-up; if its handler never has to wait, so does the reply.
    func run(_ state: RequestState, _ function: Handler) {
        running += 1
        watchDeadline(state.deadline)
        let task = CurrentInvocation.$scope.withValue(state) {
            Task { [self] in
                do {
                    let input = try InputDecoding.decode(Handler.Input.self, from: state.invocation)
                    let output = try await function.handle(input, Context(request: state))
                    if isStreaming {
                        await answer(state, streaming: output)
                    } else {
                        answer(state.stream, output)
                    }
                } catch {
                    fail(state.stream, error)
                }
            }
        }
        var entry = Entry(stream: state.stream)
        entry.state = state
        entry.task = task
        entries[link.index(of: state.stream)] = entry
    }

    private func answer(_ stream: StreamID, _ output: Handler.Output) {
        do {
            try Handler.write(output, to: &reply)
        } catch {
            clearReply()
            fail(stream, error)
            return
        }
        if !link.answer(stream, reply, into: &out) {
            answer(
                stream, APIError(.internalError, cause: "the reply's headers or its cursor are over 256 KiB"))
        }
        clearReply()
        close(stream)
    }

    func fail(_ stream: StreamID, _ error: any Error) {
        let reason = entries[link.index(of: stream)]?.cancelled
        answer(stream, HandlerFailure.error(for: error, cancelled: reason))
        close(stream)
    }

    private func answer(_ stream: StreamID, _ error: APIError) {
        if link.answer(stream, Reply(status: error.status, kind: .error(error)), into: &out) { return }
        let short = APIError(.internalError, cause: "the error itself was over 256 KiB")
        _ = link.answer(stream, Reply(status: short.status, kind: .error(short)), into: &out)
    }

    private func clearReply() {
        reply.status = .ok
        reply.headers = HeaderList()
        reply.kind = .response
        if reply.body.count > FrameLimits.inline {
            // The link still sends it.
            reply.body = []
        } else {
            reply.body.removeAll(keepingCapacity: true)
        }
    }

    func close(_ stream: StreamID) {
        entries[link.index(of: stream)] = nil
        running -= 1
        handled += 1
    }

    // MARK: Deadlines

    /// One timer for the earliest deadline: most requests end long before theirs, and cost a comparison.
    private func watchDeadline(_ deadline: LoopInstant) {
        guard deadline < nextDeadline else { return }
        if let deadlineTimer { loop.cancel(deadlineTimer) }
        nextDeadline = deadline
        deadlineTimer = loop.schedule(at: deadline) { [unowned self] in passDeadlines() }
    }

    private func passDeadlines() {
        deadlineTimer = nil
        nextDeadline = LoopInstant(nanoseconds: .max)
        let now = loop.now()
        var earliest = nextDeadline
        for index in entries.indices {
            guard let state = entries[index]?.state, let task = entries[index]?.task,
                entries[index]?.cancelled == nil, state.output?.hasBegun != true
            else { continue }
            if state.deadline <= now {
                entries[index]?.cancelled = .deadline
                task.cancel()
            } else {
                earliest = min(earliest, state.deadline)
            }
        }
        if earliest.nanoseconds != .max { watchDeadline(earliest) }
    }
}
