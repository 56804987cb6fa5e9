import FunctionKit
import Glibc
import Synchronization

/// A function for the tests of streams: does what its input's `action` says.
@main struct StreamProbe: StreamingFunction {
    struct Input: Decodable, Sendable {
        enum Action: String, Decodable, Sendable {
            case count, echo, size, lines, endless, refuse, boom, late, die, short, long, empty, none, unread,
                bidirectional
            case events, follow, progress
        }

        var action: Action
        /// Bytes in all, or events.
        var count: Int?
        /// Bytes a part.
        var part: Int?
        /// Whether the length is told.
        var sized: Bool?
    }

    /// Bytes that the handlers of this worker have written and read so far.
    private let progress = Progress()

    final class Progress: Sendable {
        let written = Atomic(0)
        let read = Atomic(0)
    }

    /// Waits until what was written is sent.
    private let sent: @Sendable () async throws -> Void

    init(_ startup: Startup) async throws {
        let loop = startup.loop
        sent = {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0, Glibc.write(ends[1], "x", 1) == 1 else { throw Boom() }
            // The loop looks for what is readable when it has sent all that it had.
            try await loop.readable(ends[0])
        }
    }

    func handle(_ input: Input, _ context: Context) async throws -> Answer {
        let count = input.count ?? 0
        let part = [UInt8](repeating: 120, count: min(input.part ?? 65_536, max(count, 1)))
        switch input.action {
        case .count:
            return .bytes(
                ByteStream(contentLength: input.sized == true ? count : nil) { writer in
                    var left = count
                    while left > 0 {
                        try await writer.write(left < part.count ? Array(part[..<left]) : part)
                        left -= part.count
                    }
                })
        case .echo: return .bytes(ByteStream(parts: context.bodyStream))
        case .size:
            var size = 0
            do {
                for try await part in context.bodyStream {
                    size += part.count
                    progress.read.add(part.count, ordering: .relaxed)
                }
            } catch {
                context.logger.info("stopped", ["error": "\(error)"])
                throw error
            }
            return .text("\(size) of \(context.bodyStream.length.map(String.init) ?? "?")")
        case .lines:
            var count = 0
            for try await line in context.bodyStream.lines(limit: 100) where !line.isEmpty { count += 1 }
            return .text("\(count)")
        case .endless:
            return .bytes(
                ByteStream { writer in
                    do {
                        while true {
                            try await writer.write(part)
                            progress.written.add(part.count, ordering: .relaxed)
                        }
                    } catch {
                        context.logger.info("stopped", ["error": "\(error)"])
                        throw error
                    }
                })
        case .refuse: throw APIError.conflict("not now")
        case .boom: return .bytes(ByteStream { _ in throw Boom() })
        case .late:
            return .bytes(
                ByteStream(contentLength: input.sized == true ? 100 : nil) { writer in
                    try await writer.write("the first part")
                    throw Boom()
                })
        case .die:
            return .bytes(
                ByteStream { writer in
                    try await writer.write(part)
                    try await sent()
                    kill(getpid(), SIGKILL)
                })
        case .short: return .bytes(ByteStream(contentLength: 10) { try await $0.write("short") })
        case .long: return .bytes(ByteStream(contentLength: 3) { try await $0.write("too long") })
        case .empty: return .bytes(ByteStream { _ in })
        case .none: return .bytes(ByteStream(status: .noContent) { try await $0.write("never seen") })
        case .unread: return .text("not read")
        case .bidirectional:
            return .bytes(
                ByteStream(contentType: "text/plain") { writer in
                    try writer.begin()
                    for try await line in context.bodyStream.lines() { try await writer.write("got \(line)\n") }
                })
        case .progress:
            return .text("\(progress.written.load(ordering: .relaxed)) \(progress.read.load(ordering: .relaxed))")
        case .follow:
            return .events(
                EventStream(keepAlive: .milliseconds(20)) { events in
                    for try await line in context.bodyStream.lines() { try await events.send(ServerSentEvent(line)) }
                })
        case .events:
            return .events(
                EventStream(keepAlive: .milliseconds(20)) { events in
                    for number in 0..<count {
                        try await events.send(
                            ServerSentEvent("line one\nline two \(number)", event: "tick", id: "\(number)"))
                    }
                    try await Task.sleep(for: .milliseconds(input.part ?? 1))
                })
        }
    }

    /// Either kind of stream.
    enum Answer: StreamingOutput {
        case bytes(ByteStream)
        case events(EventStream)

        var stream: ByteStream {
            switch self {
            case .bytes(let stream): stream
            case .events(let stream): stream.stream
            }
        }

        static func text(_ text: String) -> Answer {
            .bytes(ByteStream(contentType: "text/plain", contentLength: text.utf8.count) { try await $0.write(text) })
        }
    }

    struct Boom: Error {}
}
