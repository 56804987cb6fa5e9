import CLinux
import Glibc

extension WorkerLoop {
    /// Starts a thread that runs this loop until `stop`, and that keeps the loop alive as long.
    ///
    /// Without a worker's `main` this is how a loop runs. Throws when no thread can be had.
    @discardableResult
    public func runOnOwnThread() throws(SystemCallFailure) -> LoopThread {
        LoopThread(try Self.startThread(named: "worker-loop") { [self] in run() })
    }

    /// Starts a thread with a stack of `stackSize` bytes that does the work and ends.
    static func startThread(
        named name: StaticString, stackSize: Int = 1 << 20, _ work: @escaping @Sendable () -> Void
    ) throws(SystemCallFailure) -> pthread_t {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        let start = Unmanaged.passRetained(ThreadStart(name: name, work: work))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
                start.name.withUTF8Buffer { bytes in
                    bytes.baseAddress?.withMemoryRebound(to: CChar.self, capacity: bytes.count + 1) {
                        _ = clinux_set_thread_name($0)
                    }
                }
                start.work()
                return nil
            }, start.toOpaque())
        if code != 0 {
            start.release()
            throw SystemCallFailure(call: "pthread_create", code: code)
        }
        return thread
    }
}

/// What a new thread is to do.
private final class ThreadStart: Sendable {
    let name: StaticString
    let work: @Sendable () -> Void

    init(name: StaticString, work: @escaping @Sendable () -> Void) {
        self.name = name
        self.work = work
    }
}
