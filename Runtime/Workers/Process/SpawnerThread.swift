import CLinux
import CSandbox
import Glibc

/// What runs on the spawner's thread; only that thread touches it once it runs.
final class SpawnerThread {
    /// What an event's token names in its two low bits.
    private enum Source: UInt64 {
        case wake, process, output, error
    }

    private let spawner: Spawner
    let sink: any WorkerLogSink
    let epoll: Int32
    private let null: Int32
    private var gate: StartGate
    /// When starts have had their time, in their order; many of them are over by then.
    private var patience: [(end: Instant, token: UInt64)] = []
    var processes: [UInt64: SpawnedProcess] = [:]
    private var stopped: [@Sendable () -> Void] = []
    private var isStopping = false
    /// What output is read into.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)

    init(spawner: Spawner, startsAtOnce: Int, output: any WorkerLogSink) throws(SpawnFailure) {
        self.spawner = spawner
        sink = output
        gate = StartGate(limit: startsAtOnce)
        epoll = clinux_epoll_create()
        null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard epoll >= 0 else { throw SpawnFailure(.preparation, -epoll) }
        guard null >= 0 else { throw SpawnFailure(.preparation, errno) }
        let added = clinux_epoll_add(epoll, spawner.wakeDescriptor, clinux_epoll_in, Source.wake.rawValue)
        guard added == 0 else { throw SpawnFailure(.preparation, -added) }
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if null >= 0 { close(null) }
        buffer.deallocate()
    }

    /// Serves until it is stopped and the last process is reaped.
    func run() {
        _ = clinux_set_thread_name("spawner")
        // Signals are for the gateway's own threads.
        var every = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, nil)

        let capacity: Int32 = 64
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Int(capacity))
        defer { events.deallocate() }
        while !isStopping || !processes.isEmpty {
            let count = clinux_epoll_wait(epoll, events, capacity, timeout())
            for index in 0..<Int(max(count, 0)) { handle(events[index].data.u64) }
            escalate()
            passSlowStarts()
        }
        for command in spawner.closeInbox() { perform(command) }
        for done in stopped { done() }
    }

    private func handle(_ event: UInt64) {
        let token = event >> 2
        switch Source(rawValue: event & 3) {
        case .wake:
            var count: UInt64 = 0
            _ = clinux_eventfd_drain(spawner.wakeDescriptor, &count)
            for command in spawner.takeCommands() { perform(command) }
        case .process: reap(token)
        case .output: if let process = processes[token] { read(.output, of: process) }
        case .error: if let process = processes[token] { read(.error, of: process) }
        case nil: break
        }
    }

    private func perform(_ command: Spawner.Command) {
        switch command {
        case .spawn(let order):
            if isStopping { refuse(order) } else if gate.request(order) { start(order) }
        case .startEnded(let token): startEnded(token)
        case .terminate(let token):
            if let order = gate.withdraw(token) { return refuse(order) }
            guard let process = processes[token], process.killAt == nil else { return }
            process.killAt = Instant.now() + .seconds(2)
            Glibc.kill(-process.pid, SIGTERM)
        case .kill(let token):
            if let order = gate.withdraw(token) { return refuse(order) }
            guard let process = processes[token] else { return }
            Glibc.kill(-process.pid, SIGKILL)
        case .stop(let done):
            stopped.append(done)
            isStopping = true
            for order in gate.withdrawAll() { refuse(order) }
            for process in processes.values { Glibc.kill(-process.pid, SIGKILL) }
        }
    }

    private func refuse(_ order: SpawnOrder) {
        close(order.socket)
        order.owner.spawnFailed(SpawnFailure(.stopped, 0))
    }

    private func startEnded(_ token: UInt64) {
        if let next = gate.ended(token) { start(next) }
    }

    // MARK: Starting

    private func start(_ order: SpawnOrder) {
        do throws(SpawnFailure) {
            let process = try spawn(order)
            processes[order.token] = process
            watch(process)
            patience.append((Instant.now() + StartGate.patience, order.token))
            order.owner.spawned(pid: process.pid)
        } catch {
            order.owner.spawnFailed(error)
            startEnded(order.token)
        }
    }

    /// Makes the pipes and the process. Closes the child's ends whatever happens.
    private func spawn(_ order: SpawnOrder) throws(SpawnFailure) -> SpawnedProcess {
        defer { close(order.socket) }
        let output = try pipe()
        defer { close(output.writer) }
        let error: (reader: Int32, writer: Int32)
        do throws(SpawnFailure) {
            error = try pipe()
        } catch let failure {
            close(output.reader)
            throw failure
        }
        defer { close(error.writer) }
        var pid: pid_t = -1
        var pidfd: Int32 = -1
        do throws(SpawnFailure) {
            try execute(order, output: output.writer, error: error.writer, &pid, &pidfd)
        } catch let failure {
            close(output.reader)
            close(error.reader)
            throw failure
        }
        return SpawnedProcess(order, pid: pid, pidfd: pidfd, output: output.reader, error: error.reader)
    }

    private func pipe() throws(SpawnFailure) -> (reader: Int32, writer: Int32) {
        var reader: Int32 = -1
        var writer: Int32 = -1
        let failure = swiftlet_pipe(&reader, &writer)
        guard failure == 0 else { throw SpawnFailure(.preparation, -failure) }
        return (reader, writer)
    }

    private func execute(
        _ order: SpawnOrder, output: Int32, error: Int32, _ pid: inout pid_t, _ pidfd: inout Int32
    ) throws(SpawnFailure) {
        let specification = order.specification
        var environment = specification.environment
        environment["SWIFTLET_WORKER"] = String(order.number)
        var arguments: [UnsafeMutablePointer<CChar>?] = specification.arguments.map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        arguments.append(nil)
        variables.append(nil)
        let path = strdup(specification.executable)
        let directory = specification.directory.flatMap { strdup($0) }
        defer {
            for text in arguments + variables { free(text) }
            free(path)
            free(directory)
        }
        var step: Int32 = 0
        let result = arguments.withUnsafeBufferPointer { arguments in
            variables.withUnsafeBufferPointer { variables in
                var spec = swiftlet_spawn_spec(
                    path: path, arguments: arguments.baseAddress, environment: variables.baseAddress,
                    directory: directory, input: null, output: output, error: error, socket: order.socket,
                    files: UInt64(max(specification.files, 0)), failed_step: 0)
                let result = swiftlet_spawn(&spec, &pid, &pidfd)
                step = spec.failed_step
                return result
            }
        }
        guard result == 0 else { throw SpawnFailure(step: step, number: -result) }
    }

    private func watch(_ process: SpawnedProcess) {
        let name = process.token << 2
        _ = clinux_epoll_add(epoll, process.pidfd, clinux_epoll_in, name | Source.process.rawValue)
        _ = clinux_epoll_add(epoll, process.output.descriptor, clinux_epoll_in, name | Source.output.rawValue)
        _ = clinux_epoll_add(epoll, process.error.descriptor, clinux_epoll_in, name | Source.error.rawValue)
    }

    // MARK: Ending

    private func reap(_ token: UInt64) {
        guard let process = processes[token] else { return }
        // The number is the process's until it is reaped; so its group dies first.
        Glibc.kill(-process.pid, SIGKILL)
        var ended = clinux_exit()
        let result = clinux_pidfd_reap(process.pidfd, 0, &ended)
        if result == -EINTR || (result == 0 && ended.pid == 0) { return }
        drain(process)
        let exit: ProcessExit =
            if result < 0 { .unknown } else if ended.signalled != 0 { .signalled(ended.status) } else {
                .exited(code: ended.status)
            }
        _ = clinux_epoll_remove(epoll, process.pidfd)
        close(process.pidfd)
        processes[token] = nil
        startEnded(token)
        process.owner.exited(exit, output: process.tail.text)
    }

    private func timeout() -> Int32 {
        var first = processes.values.compactMap(\.killAt).min()
        if !gate.isEmpty, let end = patience.first?.end { first = min(first ?? end, end) }
        guard let first else { return -1 }
        return Int32(clamping: first.since(Instant.now()).wireMilliseconds)
    }

    /// Starts what waits behind starts that take long.
    private func passSlowStarts() {
        guard let first = patience.first else { return }
        let now = Instant.now()
        guard first.end <= now else { return }
        let count = patience.prefix { $0.end <= now }.count
        let passed = patience.prefix(count)
        patience.removeFirst(count)
        for start in passed { if let next = gate.slow(start.token) { self.start(next) } }
    }

    private func escalate() {
        guard processes.values.contains(where: { $0.killAt != nil }) else { return }
        let now = Instant.now()
        for process in processes.values {
            guard let time = process.killAt, time <= now else { continue }
            process.killAt = nil
            Glibc.kill(-process.pid, SIGKILL)
        }
    }
}
