import WorkerLoop

extension Context {
    /// A context outside a worker, to call a handler in a test:
    ///
    ///     let page = try await function.handle(.init(page: PageRequest()), .test(caller: Caller(id: "u1")))
    ///
    /// The deadline is `timeout` from now; nothing cancels the task. `bodyParts` is what a function with
    /// `stream: {request: true}` reads, once; without it that is `body` as one part.
    public static func test(
        caller: Caller = .anonymous, requestID: String = "test", method: Method = .get, path: String = "/",
        headers: HeaderList = HeaderList(), body: [UInt8] = [], bodyParts: [[UInt8]]? = nil,
        timeout: Duration = .seconds(10), log: TestLog = TestLog()
    ) -> Context {
        let invocation = Invocation(
            requestID: .given(requestID), trace: TraceContext(traceHigh: 1, traceLow: 1, parent: 1, flags: 0),
            method: method, path: Array(path.utf8), headers: headers, caller: caller, body: body)
        return .test(invocation, timeout: timeout, log: log, body: bodyParts.map { BodyQueue($0) })
    }

    static func test(_ invocation: Invocation, timeout: Duration, log: TestLog, body: BodyQueue? = nil) -> Context {
        Context(
            request: RequestState(
                invocation: invocation, stream: .link, deadline: LoopInstant.now.advanced(by: timeout),
                log: log.output, body: body))
    }
}
