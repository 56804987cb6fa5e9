import CSandbox
@preconcurrency import Glibc
import WireProtocol

/// A real worker process of FunctionProbe, and the gateway's end of its link.
final class ProbeWorker {
    struct Failure: Error {
        var what: String
    }

    struct Frame {
        var header: FrameHeader
        var payload: [UInt8]
        var verdict: Link.Verdict

        func read<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
            try payload.withUnsafeBytes { try body($0) }
        }
    }

    let pid: pid_t
    private(set) var socket: Int32
    let output: Int32
    var link: Link
    var out = FrameBuffer()
    private var parser = FrameParser()
    private var received: [Frame] = []
    /// What it shares with the worker, or nothing: two halves of `sharing` bytes.
    private let shared: UnsafeMutableRawBufferPointer
    private let sharing: Int
    private var sharedDescriptor: Int32 = -1
    /// How many bytes came by shared memory.
    private(set) var sharedBytes = 0
    /// Whether room is granted for what came.
    var takesData = true
    /// How long to wait for anything, in milliseconds.
    private static let patience: Int32 = 20_000

    init(
        environment: [String] = ["PROBE_GREETING=hello"], settings: LinkSettings = LinkSettings(),
        descriptor: Int32 = 3, program: String = "FunctionProbe", sharing: Int = 0
    ) throws {
        var place: UnsafeMutableRawPointer?
        guard sharing == 0 || swiftlet_shared_memory(2 * sharing, &sharedDescriptor, &place) == 0 else {
            throw Failure(what: "shared memory")
        }
        shared = UnsafeMutableRawBufferPointer(start: place, count: 2 * sharing)
        self.sharing = sharing
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw Failure(what: "socketpair")
        }
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw Failure(what: "pipe") }
        // Another test's child must not hold these open.
        for end in ends + pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // It does not lie where it is to be: a descriptor copied onto itself keeps close-on-exec.
        let socketCopy = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
        pid = try ProbeWorker.spawn(
            program, environment, socket: socketCopy, as: descriptor, output: pipes[1])
        for end in [ends[1], socketCopy] { close(end) }
        close(pipes[1])
        socket = ends[0]
        output = pipes[0]
        link = Link(role: .gateway, settings: settings)
        if sharing > 0 { link.share(UnsafeMutableRawBufferPointer(rebasing: shared[..<sharing])) }
    }

    deinit {
        hangUp()
        close(output)
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        if shared.count > 0 { munmap(shared.baseAddress, shared.count) }
        if sharedDescriptor >= 0 { close(sharedDescriptor) }
    }

    private static func spawn(
        _ program: String, _ environment: [String], socket: Int32, as descriptor: Int32, output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_adddup2(&actions, socket, descriptor)
        let path = try path(of: program)
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, path, &actions, nil, &arguments, &variables)
        guard code == 0 else { throw Failure(what: "posix_spawn \(code)") }
        return pid
    }

    /// The test bundle lies beside the products it was built with.
    private static func path(of program: String) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        var candidates = CommandLine.arguments.filter { $0.contains(".xctest") }
        if count > 0 { candidates.append(String(decoding: buffer[..<count], as: UTF8.self)) }
        for candidate in candidates {
            let folder = candidate.split(separator: "/").dropLast().joined(separator: "/")
            if access("/\(folder)/\(program)", X_OK) == 0 { return "/\(folder)/\(program)" }
        }
        throw Failure(what: "\(program) is not built")
    }

    // MARK: Frames

    /// Sends SETUP and waits until the function is started.
    func start() throws {
        var setup = FrameBuffer()
        SetupFrame(function: "Probe", revision: "r1", link: link.settings, sharedMemory: sharing).encode(into: &setup)
        if sharing > 0 {
            let sent = setup.withUnsafeBytes {
                swiftlet_hand_over(socket, $0.baseAddress, $0.count, sharedDescriptor)
            }
            guard sent == setup.count else { throw Failure(what: "handing over \(sent)") }
        } else {
            out.append(setup.bytes)
        }
        _ = try next(.hello)
        _ = try next(.ready)
    }

    func open(_ action: String, _ query: [Invocation.Parameter] = [], timeout: UInt32 = 20_000) throws
        -> StreamID
    {
        try open(ProbeWorker.invocation(action, query, timeout: timeout))
    }

    func open(_ invocation: Invocation) throws -> StreamID {
        guard let stream = link.open(invocation, into: &out) else { throw Failure(what: "the link is full") }
        return stream
    }

    static func invocation(
        _ action: String, _ query: [Invocation.Parameter] = [], timeout: UInt32 = 20_000
    ) -> Invocation {
        Invocation(
            requestID: .given("req-1"), trace: TraceContext(traceHigh: 1, traceLow: 2, parent: 3, flags: 0),
            method: .post, path: Array("/probe".utf8), parameters: [.init("action", action)], query: query,
            caller: Caller(id: "u1"), timeoutMilliseconds: timeout)
    }

    /// The next frame of that type, and of that stream if one is given; others wait their turn.
    func next(_ type: FrameType, on stream: StreamID? = nil) throws -> Frame {
        while true {
            if let index = received.firstIndex(where: {
                $0.header.type == type && (stream == nil || $0.header.stream == stream)
            }) {
                return received.remove(at: index)
            }
            guard try turn() else { throw Failure(what: "the worker ended before \(type)") }
        }
    }

    /// The reply to a request, whole.
    func reply(to stream: StreamID) throws -> Reply {
        let head = try next(.response, on: stream)
        let response = try head.read { try ResponseFrame(payload: $0, isEnd: head.header.isEnd) }
        var reply = response.reply
        if case .follows(let length) = response.body {
            var body = IncomingBody(stream: stream, announced: length, limit: 1 << 24)
            var isWhole = false
            while !isWhole {
                let data = try next(.data, on: stream)
                isWhole = try data.read { try body.append($0, isEnd: data.header.isEnd) }
            }
            reply.body = body.take()
        }
        return reply
    }

    /// Writes and reads once; false at the end of the stream.
    private func turn() throws -> Bool {
        link.writeData(into: &out)
        var entry = pollfd(fd: socket, events: Int16(POLLIN | (out.isEmpty ? 0 : POLLOUT)), revents: 0)
        guard poll(&entry, 1, ProbeWorker.patience) > 0 else {
            throw Failure(what: "the worker says nothing")
        }
        if entry.revents & Int16(POLLOUT) != 0 {
            let count = out.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 { out.consume(count) }
        }
        guard entry.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { return true }
        var memory = [UInt8](repeating: 0, count: 65_536)
        let count = memory.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        try memory.withUnsafeBytes { bytes in
            try parser.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { header, payload in
                var (header, payload) = (header, payload)
                if header.type == .sharedData {
                    let half = UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: shared[sharing...]))
                    (header, payload) = try SharedDataFrame(payload: payload).data(header, in: half)
                    sharedBytes += payload.count
                }
                let verdict = try link.receive(header, payload, into: &out)
                if header.type == .data, takesData { link.consumed(payload.count, of: header.stream, into: &out) }
                received.append(Frame(header: header, payload: [UInt8](payload), verdict: verdict))
            }
        }
        return true
    }

    // MARK: The end

    /// Closes the gateway's end of the socket.
    func hangUp() {
        if socket >= 0 { close(socket) }
        socket = -1
    }

    /// Sends bytes as they are.
    func sendRaw(_ bytes: [UInt8]) {
        out.append(bytes)
    }

    /// Waits until the worker has closed everything, and answers its exit code, or minus the signal that ended it.
    func exitCode() throws -> Int32 {
        if socket >= 0 { while try turn() {} }
        _ = try printed()
        var status: Int32 = 0
        guard waitpid(pid, &status, 0) == pid else { throw Failure(what: "waitpid") }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// What the worker printed, up to its end.
    func printed() throws -> String {
        var found: [UInt8] = []
        while true {
            let more = try printedSoFar()
            if more.isEmpty { return String(decoding: found, as: UTF8.self) }
            found += more
        }
    }

    /// The next bytes that the worker printed; empty at the end.
    func printedSoFar() throws -> [UInt8] {
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, ProbeWorker.patience) > 0 else { throw Failure(what: "the worker goes on") }
        var memory = [UInt8](repeating: 0, count: 4_096)
        let count = memory.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
        return count > 0 ? Array(memory[..<count]) : []
    }
}
