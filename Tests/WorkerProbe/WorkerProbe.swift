import CLinux
import Glibc
import WireProtocol

// A worker that behaves, or misbehaves, as it is told: at its start by its first argument, later by each request's path.
// One thread, blocking, on the raw protocol.

/// Everything of the probe; its one thread owns it.
struct WorkerProbe: ~Copyable {
    static let socket: Int32 = 3
    var parser = FrameParser()
    var link = Link(role: .worker)
    var out = FrameBuffer()
    var handled: UInt64 = 0
    /// Requests that are never answered, until they are cancelled.
    var silent: [StreamID] = []
    var bodies: [UInt32: (Invocation, IncomingBody)] = [:]
    var isDraining = false
    /// The memory that the gateway shares: its descriptor, which came with SETUP, and the half that is read.
    var memory: Int32 = -1
    var shared = UnsafeRawBufferPointer(start: nil, count: 0)

    mutating func run() -> Int32 {
        let mode = CommandLine.arguments.dropFirst().first ?? "serve"
        if let code = start(mode) { return code }
        let size = 256 * 1024
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        while true {
            link.writeData(into: &out)
            flush()
            if isDraining, link.openStreams == 0 { return leave() }
            var events = pollfd(fd: WorkerProbe.socket, events: Int16(POLLIN), revents: 0)
            poll(&events, 1, -1)
            var descriptor: Int32 = -1
            let count = clinux_receive(WorkerProbe.socket, buffer.baseAddress, size, &descriptor)
            if descriptor >= 0 { memory = descriptor }
            if count == 0 { return 0 }
            guard count > 0 else { continue }
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            guard feed(bytes) else { return 9 }
        }
    }

    /// The exit code where it ends at its start.
    private mutating func start(_ mode: String) -> Int32? {
        switch mode {
        case "exit":
            print("probe: cannot go on", to: 2)
            return 3
        case "silent":
            while true { pause() }
        case "garbage":
            out.append(Array("HTTP/1.1 200 OK\r\n\r\nthis is no frame".utf8))
            flush()
            while true { pause() }
        case "close":
            close(WorkerProbe.socket)
            while true { pause() }
        case "deaf":
            signal(SIGTERM, SIG_IGN)
        default: break
        }
        let version = mode == "old" ? ProtocolVersion(major: 1, minor: 1) : .current
        HelloFrame(version: version, pid: getpid(), function: "probe", sdk: "probe/1").encode(into: &out)
        if mode == "refuse" {
            StartFailedFrame(message: "the database said no").encode(into: &out)
            flush()
            return 1
        }
        return nil
    }

    private mutating func leave() -> Int32 {
        out.appendFrame(.goodbye)
        flush()
        return 0
    }

    private mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var frames: [(FrameHeader, [UInt8])] = []
        do {
            try parser.feed(bytes) { frames.append(($0, [UInt8]($1))) }
            for (header, payload) in frames {
                try payload.withUnsafeBytes { try receive(header, $0) }
            }
            return true
        } catch {
            print("probe: \(error)", to: 2)
            return false
        }
    }

    private mutating func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws(FrameError) {
        if header.type == .sharedData, CommandLine.arguments.last != "old" {
            let data = try SharedDataFrame(payload: payload).data(header, in: shared)
            return try receive(data.header, data.payload)
        }
        guard try link.receive(header, payload, into: &out) == .deliver else { return }
        switch header.type {
        case .setup:
            let setup = try SetupFrame(payload: payload)
            link.configure(setup.link)
            let protection = PROT_READ | PROT_WRITE
            let place = mmap(nil, 2 * setup.sharedMemory, protection, MAP_SHARED, memory, 0)
            guard place != MAP_FAILED else { exit(7) }
            shared = UnsafeRawBufferPointer(start: place, count: setup.sharedMemory)
            ReadyFrame(startMicroseconds: 1).encode(into: &out)
        case .request:
            let frame = try RequestFrame(payload: payload, isEnd: header.isEnd)
            if case .follows(let length) = frame.body {
                if frame.invocation.path == Array("/crash-early".utf8) { abort() }
                let body = IncomingBody(stream: header.stream, announced: length, limit: 1 << 24)
                bodies[header.stream.rawValue] = (frame.invocation, body)
            } else {
                handle(frame.invocation, header.stream)
            }
        case .data:
            guard var (invocation, body) = bodies[header.stream.rawValue] else { return }
            let isWhole = try body.append(payload, isEnd: header.isEnd)
            link.consumed(payload.count, of: header.stream, into: &out)
            bodies[header.stream.rawValue] = (invocation, body)
            if isWhole {
                bodies[header.stream.rawValue] = nil
                invocation.body = body.take()
                handle(invocation, header.stream)
            }
        case .ping:
            let token = try PingFrame(payload: payload).token
            PongFrame(token: token, handled: handled, inFlight: UInt32(silent.count)).encode(into: &out)
        case .cancel:
            silent.removeAll { $0 == header.stream }
            link.reset(header.stream, APIError(.functionTimeout), into: &out)
        case .drain: isDraining = true
        default: break
        }
    }

    mutating func answer(_ stream: StreamID, _ text: String) { answer(stream, Array(text.utf8)) }

    mutating func answer(_ stream: StreamID, _ body: [UInt8]) {
        handled += 1
        _ = link.answer(stream, Reply(body: body), into: &out)
    }

    /// Writes all that waits, however long it takes.
    mutating func flush() {
        while !out.isEmpty {
            let count = out.withUnsafeBytes { send(WorkerProbe.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                out.consume(count)
            } else if errno == EAGAIN {
                var events = pollfd(fd: WorkerProbe.socket, events: Int16(POLLOUT), revents: 0)
                poll(&events, 1, -1)
            } else {
                exit(8)
            }
        }
    }

    func print(_ text: String, to descriptor: Int32 = 1) {
        let bytes = Array((text + "\n").utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            offset += count
        }
    }
}
