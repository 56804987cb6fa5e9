extension Function {
    /// Answers a whole invocation as a worker does, without one: decodes the input, calls `handle`, writes the reply.
    /// What is thrown becomes the reply's error.
    public func reply(to invocation: Invocation, log: TestLog = TestLog()) async -> Reply {
        let timeout = Duration.milliseconds(Int64(invocation.timeoutMilliseconds))
        let context = Context.test(invocation, timeout: timeout, log: log)
        var reply = Reply()
        do {
            let input = try InputDecoding.decode(Input.self, from: invocation)
            let output = try await handle(input, context)
            try Self.write(output, to: &reply)
        } catch {
            let error = HandlerFailure.error(for: error, cancelled: nil)
            reply = Reply(status: error.status, kind: .error(error))
        }
        return reply
    }
}
