import FunctionKit
import Glibc
import WorkerLoop

/// A function for the tests of the worker's side: does what its input's `action` says.
@main struct FunctionProbe: Function {
    struct Input: Decodable, Sendable {
        enum Action: String, Decodable, Sendable {
            case echo, size, sleep, hang, deaf, missing, boom, log, print, threads, scope, spin
            case headers, environment, answer, refusal
        }

        var action: Action
        var text: String?
        var count: Int?
    }

    let greeting: String

    init(_ startup: Startup) async throws {
        if let milliseconds = startup.environment["PROBE_START_MS"].flatMap({ Int($0) }) {
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
        greeting = try startup.require("PROBE_GREETING")
        startup.logger.info("started", ["function": startup.function, "revision": startup.revision])
    }

    func handle(_ input: Input, _ context: Context) async throws -> Response {
        switch input.action {
        case .echo: return .text("\(greeting) \(input.text ?? "nobody")")
        case .size: return Response(body: [UInt8](repeating: 120, count: input.count ?? 0))
        case .sleep:
            try await Task.sleep(for: .milliseconds(input.count ?? 1))
            return .text("slept")
        case .hang:
            context.logger.info("hangs")
            try await Task.sleep(for: .seconds(3_600))
            return .text("woke up")
        case .deaf:
            // Whatever happens, nobody wakes it.
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return .text("woke up")
        case .missing: throw APIError.notFound("user")
        case .boom: throw Boom(text: input.text ?? "")
        case .log:
            context.logger.debug("not written")
            context.logger.warning("written", ["text": input.text ?? ""])
            return .text("logged")
        case .print:
            print(input.text ?? "")
            return .text("printed")
        case .threads: return .text("\(FunctionProbe.threadCount())")
        case .scope:
            let id = await Task { CurrentInvocation.scope?.requestIDText }.value
            return .text("\(id ?? "none") \(context.caller.id ?? "anonymous") \(context.remaining > .zero)")
        case .spin:
            for _ in 0..<(input.count ?? 0) { await Task.yield() }
            return .text("spun")
        case .headers: return .text(context.headers.fields.map { "\($0.name): \($0.value)\n" }.joined())
        case .environment: return .text(FunctionProbe.environment().joined(separator: "\n"))
        case .answer: return FunctionProbe.answer(input.text ?? "")
        case .refusal: throw FunctionProbe.refusal(input.text ?? "")
        }
    }

    struct Boom: Error {
        let text: String
    }

    private static func threadCount() -> Int {
        guard let folder = opendir("/proc/self/task") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != 46 { count += 1 }
        }
        return count
    }
}
