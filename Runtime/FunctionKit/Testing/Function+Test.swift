extension Function {
    /// Answers a whole invocation as a worker does, without one: decodes the input, calls `handle`, writes the reply.
    /// What is thrown becomes the reply's error. A stream is run to its end, and its bytes are the reply's body.
    public func reply(to invocation: Invocation, log: TestLog = TestLog()) async -> Reply {
        let timeout = Duration.milliseconds(Int64(invocation.timeoutMilliseconds))
        let context = Context.test(invocation, timeout: timeout, log: log)
        var reply = Reply()
        do {
            let input = try InputDecoding.decode(Input.self, from: invocation)
            let output = try await handle(input, context)
            if let stream = (output as? any StreamingOutput)?.stream {
                reply = Reply(status: stream.status, headers: stream.headers, body: try await stream.bytes())
            } else {
                try Self.write(output, to: &reply)
            }
        } catch {
            let error = HandlerFailure.error(for: error, cancelled: nil)
            reply = Reply(status: error.status, kind: .error(error))
        }
        return reply
    }
}
