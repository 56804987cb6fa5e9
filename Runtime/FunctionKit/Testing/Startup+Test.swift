import WorkerLoop

extension Startup {
    /// A start outside a worker, to make a function in a test:
    ///
    ///     let function = try await ListUsers(.test(environment: ["DATABASE_URL": url]))
    ///
    /// `loop` is the one that the calling thread runs, else one with a thread of its own that all tests share. Throws
    /// when the process has no descriptors left.
    public static func test(
        environment: [String: String] = [:], function: String = "Test", revision: String = "test",
        page: PageSettings? = nil, log: TestLog = TestLog()
    ) throws -> Startup {
        Startup(
            environment: environment, function: function, revision: revision, page: page,
            loop: try WorkerLoop.current ?? WorkerLoop.global ?? TestLoop.shared.get(),
            logger: FunctionLogger(output: log.output, stream: .link))
    }
}

/// The loop of tests that run none.
private enum TestLoop {
    static let shared = Result {
        let loop = try WorkerLoop()
        try loop.runOnOwnThread()
        return loop
    }
}
