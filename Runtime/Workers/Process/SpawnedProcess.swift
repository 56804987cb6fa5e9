/// A process that has not been reaped; only the spawner's thread touches it.
final class SpawnedProcess {
    /// One of the two pipes that its output comes through.
    struct Pipe {
        /// The reading end; -1 once it is closed.
        var descriptor: Int32
        var cutter = LineCutter()
    }

    let token: UInt64
    let identity: WorkerIdentity
    let pidfd: Int32
    let owner: any ProcessOwner
    var output: Pipe
    var error: Pipe
    var limiter = OutputLimiter()
    var tail = OutputTail()
    /// When SIGKILL follows SIGTERM.
    var killAt: Instant?

    init(_ order: SpawnOrder, pid: Int32, pidfd: Int32, output: Int32, error: Int32) {
        token = order.token
        identity = WorkerIdentity(function: order.specification.function, number: order.number, pid: pid)
        self.pidfd = pidfd
        owner = order.owner
        self.output = Pipe(descriptor: output)
        self.error = Pipe(descriptor: error)
    }

    /// The process, which leads a group of the same number.
    var pid: Int32 { identity.pid }
}
