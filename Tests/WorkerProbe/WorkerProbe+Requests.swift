import CSandbox
import Glibc
import WireProtocol

// What each path does.
extension WorkerProbe {
    mutating func handle(_ invocation: Invocation, _ stream: StreamID) {
        let path = String(decoding: invocation.path, as: UTF8.self)
        let number = Int(WorkerProbe.variable("SWIFTLET_WORKER") ?? "") ?? 0
        switch path {
        case "/echo": answer(stream, invocation.body)
        case "/pid": answer(stream, String(getpid()))
        case "/never": silent.append(stream)
        case "/environment": answer(stream, WorkerProbe.environment().sorted().joined(separator: "\n"))
        case "/descriptors": answer(stream, WorkerProbe.descriptors())
        case "/handed": answer(stream, String(memory))
        case "/limits": answer(stream, WorkerProbe.limits())
        case "/memory": answer(stream, changeMemory())
        case "/crash": abort()
        case "/crash-odd": if number % 2 == 1 { crash() } else { answer(stream, String(number)) }
        case "/exit": exit(0)
        case "/hang": while true { pause() }
        case "/hang-odd": if number % 2 == 1 { while true { pause() } } else { answer(stream, String(number)) }
        case "/big": answer(stream, [UInt8](repeating: 120, count: 1 << 20))
        case "/reset": link.reset(stream, APIError(.conflict, "no"), into: &out)
        case "/log":
            LogFrame(level: .warning, message: "careful", metadata: [.init("key", "value")])
                .encode(stream: stream, into: &out)
            answer(stream, "logged")
        case "/print":
            print("one\r\ntwo \u{1b}[31mred")
            print("three", to: 2)
            answer(stream, "printed")
        case "/flood":
            for line in 0..<20_000 { print("line \(line)") }
            answer(stream, "flooded")
        default: misbehave(path, stream)
        }
    }

    /// Breaks the protocol, or leaves a child behind.
    private mutating func misbehave(_ path: String, _ stream: StreamID) {
        switch path {
        case "/twice":
            answer(stream, "once")
            _ = ResponseFrame.encode(Reply(), stream: stream, into: &out)
        case "/other": _ = ResponseFrame.encode(Reply(), stream: StreamID(stream.rawValue + 1_000), into: &out)
        case "/garbage": out.append(Array("this is no frame at all, is it?".utf8))
        case "/huge": out.append([0xFF, 0xFF, 0xFF, 0x7F, 9, 1, 0, 0, 1, 0, 0, 0])
        case "/outside":
            _ = ResponseFrame.encode(Reply(), streaming: .follows(length: 2), stream: stream, into: &out)
            SharedDataFrame(offset: UInt32(shared.count) - 1, count: 2).encode(stream: stream, isEnd: true, into: &out)
        case "/child": answer(stream, String(WorkerProbe.spawn(["/bin/sleep", "60"])))
        case "/stray": answer(stream, String(WorkerProbe.spawn(["/usr/bin/setsid", "/bin/sleep", "3"])))
        case "/spawner": answer(stream, String(WorkerProbe.spawnAsGateway()))
        default: answer(stream, "nothing here")
        }
    }

    private func crash() {
        print("probe: about to crash", to: 2)
        // The Swift runtime may have a handler that expects the fault to come again.
        signal(SIGSEGV, SIG_DFL)
        kill(getpid(), SIGSEGV)
        while true { pause() }
    }

    static func environment() -> [String] {
        var found: [String] = []
        var next = environ
        while let text = next.pointee {
            found.append(String(cString: text))
            next += 1
        }
        return found
    }

    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The numbers of the open descriptors, but for the one that reads them.
    static func descriptors() -> String {
        guard let folder = opendir("/proc/self/fd") else { return "?" }
        defer { closedir(folder) }
        var found: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int(name), number != Int(dirfd(folder)) { found.append(number) }
        }
        return found.sorted().map(String.init).joined(separator: " ")
    }

    /// Tries what a worker must not do with the memory that it shares; what the system said to each.
    private func changeMemory() -> String {
        func word(_ isDone: Bool) -> String { isDone ? "done" : String(cString: strerror(errno)) }
        return [
            "shrink " + word(ftruncate(memory, 0) == 0), "grow " + word(ftruncate(memory, 1 << 30) == 0),
        ].joined(separator: "\n")
    }

    static func limits() -> String {
        var files = rlimit()
        var core = rlimit()
        getrlimit(__rlimit_resource_t(7), &files)
        getrlimit(__rlimit_resource_t(4), &core)
        let mask = umask(0)
        umask(mask)
        return [
            "files \(files.rlim_cur)", "core \(core.rlim_cur)", "umask \(mask)",
            "session \(getsid(0) == getpid())", "group \(getpgrp() == getpid())",
        ].joined(separator: "\n")
    }

    /// Spawns as the gateway does.
    private static func spawnAsGateway() -> Int32 {
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        let path = strdup("/bin/sleep")
        var pid: pid_t = -1
        var pidfd: Int32 = -1
        let result = arguments.withUnsafeBufferPointer { arguments in
            var spec = swiftlet_spawn_spec(
                path: path, arguments: arguments.baseAddress, environment: environ, directory: nil, input: 0,
                output: 1, error: 2, socket: WorkerProbe.socket, files: 0, failed_step: 0)
            return swiftlet_spawn(&spec, &pid, &pidfd)
        }
        return result == 0 ? pid : -1
    }

    private static func spawn(_ words: [String]) -> Int32 {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        var pid: pid_t = 0
        posix_spawn(&pid, words[0], nil, nil, arguments, environ)
        return pid
    }
}
