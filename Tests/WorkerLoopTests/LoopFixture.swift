import Glibc
import Synchronization

@testable import WorkerLoop

/// Runs the body as a task on a loop with a thread of its own, and ends both.
func withLoop<Value: Sendable>(
    _ body: @escaping @Sendable (WorkerLoop) async throws -> Value
) async throws -> Value {
    let loop = try WorkerLoop()
    let thread = try loop.runOnOwnThread()
    let task = Task(executorPreference: loop.taskExecutor) { try await body(loop) }
    let result = await task.result
    loop.stop()
    thread.join()
    return try result.get()
}

/// What happened, in order, from any thread.
final class EventLog: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var count: Int { lines.withLock { $0.count } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// Two connected, non-blocking descriptors, closed at the end if nobody did it before.
final class DescriptorPair: Sendable {
    /// The end that a test waits on (of a pipe: the one to read from).
    let near: Int32
    /// The other end.
    let far: Int32
    private let open: Mutex<Set<Int32>>

    private init(_ near: Int32, _ far: Int32) {
        self.near = near
        self.far = far
        open = Mutex([near, far])
    }

    deinit {
        for descriptor in open.withLock({ $0 }) { Glibc.close(descriptor) }
    }

    static func pipe() throws -> DescriptorPair {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw failure("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return DescriptorPair(ends[0], ends[1])
    }

    static func sockets() throws -> DescriptorPair {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw failure("socketpair") }
        return DescriptorPair(ends[0], ends[1])
    }

    private static func failure(_ call: String) -> SystemCallFailure {
        SystemCallFailure(call: call, code: errno)
    }

    func send(_ byte: UInt8 = 1) {
        _ = withUnsafeBytes(of: byte) { Glibc.write(far, $0.baseAddress, 1) }
    }

    /// Writes to the near end until it would block.
    func fill() {
        let block = [UInt8](repeating: 0, count: 65536)
        while block.withUnsafeBytes({ Glibc.write(near, $0.baseAddress, $0.count) }) > 0 {}
    }

    /// Reads from the descriptor until it would block; how many bytes there were.
    @discardableResult
    static func drain(_ descriptor: Int32) -> Int {
        var total = 0
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return total }
            total += count
        }
    }

    /// Closes a descriptor behind the loop's back.
    func closeHere(_ descriptor: Int32) {
        open.withLock { _ = $0.remove(descriptor) }
        Glibc.close(descriptor)
    }

    /// Takes note that somebody else closes the descriptor.
    func givesUp(_ descriptor: Int32) {
        open.withLock { _ = $0.remove(descriptor) }
    }
}

/// What the operation threw; nil if it did not throw.
func thrown(by operation: () async throws -> Void) async -> (any Error)? {
    do {
        try await operation()
        return nil
    } catch {
        return error
    }
}
