import CLinux
import Glibc
import Testing

@testable import WorkerLoop

@Suite("A real worker process", .timeLimit(.minutes(1)))
struct WorkerProcessTests {
    /// The test bundle lies beside the products it was built with.
    private static func probePath() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw SystemCallFailure(call: "readlink", code: errno) }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        let local = path.split(separator: "/").dropLast().joined(separator: "/")
        let beside = "/\(local)/LoopProbe"
        if access(beside, X_OK) == 0 { return beside }
        // The bundle may be loaded by a tool of the toolchain; then an argument names it.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let folder = argument.split(separator: "/").dropLast().joined(separator: "/")
            if access("/\(folder)/LoopProbe", X_OK) == 0 { return "/\(folder)/LoopProbe" }
        }
        throw SystemCallFailure(call: "access", code: ENOENT)
    }

    /// Runs the probe; its lines and how it ended.
    private func runProbe() async throws -> (values: [String: String], exit: clinux_exit) {
        let path = try Self.probePath()
        let output = try DescriptorPair.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.far, 1)
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), nil]
        defer { free(arguments[0]) }
        let code = posix_spawn(&pid, path, &actions, nil, &arguments, environ)
        guard code == 0 else { throw SystemCallFailure(call: "posix_spawn", code: code) }
        output.closeHere(output.far)
        let process = clinux_pidfd_open(pid)
        defer { Glibc.close(process) }

        let text = try await withLoop { loop in
            var bytes: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 4096)
            while true {
                try await loop.readable(output.near)
                let count = block.withUnsafeMutableBytes { Glibc.read(output.near, $0.baseAddress, $0.count) }
                if count <= 0 { break }
                bytes += block[..<count]
            }
            // A pidfd is readable when its process has ended.
            try await loop.readable(process)
            return String(decoding: bytes, as: UTF8.self)
        }
        var exited = clinux_exit()
        #expect(clinux_pidfd_reap(process, 0, &exited) == 0)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map { String($0) }
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        return (values, exited)
    }

    @Test("every kind of task runs on the loop's thread, and the process has no other")
    func oneThread() async throws {
        let (values, exit) = try await runProbe()
        #expect(
            values == [
                "async": "yes", "task": "yes", "detached": "yes", "sleep": "yes", "main": "yes",
                "group": "yes",
                "actor": "yes", "pinned": "yes", "deadline": "yes", "threads": "1", "returned": "yes",
            ])
        #expect(exit.status == 0)
        #expect(exit.signalled == 0)
        #expect(exit.max_resident_kib > 0)
    }
}

@Suite("Linux calls")
struct LinuxCallTests {
    @Test("a signal sent through a pidfd ends the process, and the reaper says so")
    func pidfd() async throws {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("cat"), nil]
        defer { free(arguments[0]) }
        let input = try DescriptorPair.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let blocking = fcntl(input.near, F_SETFL, 0)
        #expect(blocking == 0)
        posix_spawn_file_actions_adddup2(&actions, input.near, 0)
        #expect(posix_spawnp(&pid, "cat", &actions, nil, &arguments, environ) == 0)
        let process = clinux_pidfd_open(pid)
        defer { Glibc.close(process) }
        var exited = clinux_exit()
        #expect(clinux_pidfd_reap(process, 0, &exited) == 0)
        #expect(exited.pid == 0)
        // Not SIGTERM: a child inherits what its parent's thread blocks, and the test's may block all others.
        #expect(clinux_pidfd_signal(process, SIGKILL) == 0)
        try await withLoop { loop in try await loop.readable(process) }
        #expect(clinux_pidfd_reap(process, 1, &exited) == 0)
        #expect(exited.pid == pid)
        #expect(exited.signalled == 1)
        #expect(exited.status == SIGKILL)
        #expect(clinux_pidfd_signal(process, SIGKILL) == -ESRCH)
        #expect(clinux_pidfd_reap(process, 0, &exited) == -ECHILD)
    }

    @Test("an eventfd counts signals and is empty after a drain")
    func eventfd() {
        let counter = clinux_eventfd_create()
        defer { Glibc.close(counter) }
        #expect(clinux_eventfd_signal(counter) == 0)
        #expect(clinux_eventfd_signal(counter) == 0)
        var count: UInt64 = 0
        #expect(clinux_eventfd_drain(counter, &count) == 0)
        #expect(count == 2)
        #expect(clinux_eventfd_drain(counter, &count) == 0)
        #expect(count == 0)
    }

    @Test("a timerfd is readable when its time has come")
    func timerfd() async throws {
        let timer = clinux_timerfd_create()
        defer { Glibc.close(timer) }
        let due = LoopInstant.now.advanced(by: .milliseconds(1))
        #expect(clinux_timerfd_arm(timer, due.nanoseconds) == 0)
        try await withLoop { loop in try await loop.readable(timer) }
        #expect(LoopInstant.now >= due)
    }

    @Test("a blocked signal is read from its descriptor")
    func signalfd() async throws {
        // Signals are blocked in a thread; a loop's own thread is free to have its own set.
        let (empty, number, sender) = try await withLoop { loop in
            let signals: [Int32] = [SIGUSR2]
            let descriptor = clinux_signalfd_create(signals, signals.count)
            defer { loop.close(descriptor) }
            var sender: pid_t = 0
            let empty = clinux_signalfd_read(descriptor, &sender)
            pthread_kill(pthread_self(), SIGUSR2)
            try await loop.readable(descriptor)
            return (empty, clinux_signalfd_read(descriptor, &sender), sender)
        }
        #expect(empty == -EAGAIN)
        #expect(number == SIGUSR2)
        #expect(sender == getpid())
    }

    @Test("a range of descriptors is closed, or marked to be closed by exec")
    func closeRange() {
        let high = fcntl(0, F_DUPFD, 900_000)
        // Where the limit on descriptors is low, a lower number does.
        let number = high >= 0 ? high : fcntl(0, F_DUPFD, 900)
        #expect(number > 0)
        #expect(clinux_cloexec_range(UInt32(number), UInt32(number)) == 0)
        #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
        #expect(clinux_close_range(UInt32(number), UInt32(number)) == 0)
        #expect(fcntl(number, F_GETFD) == -1)
    }

    @Test("failures are negative errno values")
    func failures() {
        #expect(clinux_pidfd_open(-1) == -EINVAL)
        #expect(clinux_epoll_add(-1, 0, 0, 0) == -EBADF)
        #expect(clinux_set_thread_name("loop test") == 0)
    }
}
