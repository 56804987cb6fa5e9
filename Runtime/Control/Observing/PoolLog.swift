import Logging
import Telemetry
import WireProtocol
import Workers

/// Writes what happens to workers, and what they print and log, as lines with function and worker.
final class PoolLog: PoolObserver, WorkerLogSink {
    private let writer: LogWriter
    private let style: LogStyle
    private let level: Logger.Level

    /// A log that writes lines of at least `level` by `writer`.
    init(writer: LogWriter, style: LogStyle, level: Logger.Level) {
        self.writer = writer
        self.style = style
        self.level = level
    }

    func observed(_ event: PoolEvent) {
        switch event {
        case .started(let worker, let duration):
            write(.debug, "worker started", worker) { $0.add("startMs", Self.milliseconds(duration)) }
        case .memoryRefused(let worker, let reason):
            write(.warning, "worker without shared memory: its long bodies go by the socket", worker) { line in
                line.add("reason", reason)
            }
        case .startFailed(let worker, let reason, let exit, let output):
            write(.error, "worker could not start", worker) { line in
                line.add("reason", reason)
                if let exit { line.add("exit", exit.description) }
                if !output.isEmpty { line.add("output", output) }
            }
        case .crashed(let worker, let exit, let holding, let output):
            write(.error, "worker crashed", worker) { line in
                line.add("exit", exit.description)
                line.add("requests", holding)
                if !output.isEmpty { line.add("output", output) }
            }
        case .retried(let request, let worker):
            write(.warning, "invocation retried", worker) { $0.add("requestId", request.description) }
        case .protocolViolation(let worker, let reason):
            write(.error, "worker broke the protocol and is ended", worker) { $0.add("reason", reason) }
        case .stuck(let worker):
            write(.error, "worker is stuck and is ended", worker) { _ in }
        case .clogged(let worker, let count):
            write(.error, "worker is replaced: cancelled requests do not end", worker) { $0.add("requests", count) }
        case .stopped(let worker, let exit):
            write(.debug, "worker stopped", worker) { $0.add("exit", exit.description) }
        }
    }

    func output(_ line: WorkerOutputLine) {
        write(line.stream == .error ? .warning : .info, line.text, line.worker) { fields in
            fields.add("stream", line.stream == .error ? "stderr" : "stdout")
            if line.dropped > 0 { fields.add("droppedLines", line.dropped) }
        }
    }

    func log(_ frame: LogFrame, request: RequestID?, from worker: WorkerIdentity) {
        write(Logger.Level(frame.level), frame.message, worker) { line in
            if let request { line.add("requestId", request.description) }
            for field in frame.metadata { line.add(dynamic: "field.\(field.name)", field.value) }
        }
    }

    private func write(
        _ level: Logger.Level, _ message: String, _ worker: WorkerIdentity, _ fields: (inout LogLine) -> Void
    ) {
        guard level >= self.level else { return }
        var line = LogLine(style, level: level, message: message)
        line.add("function", worker.function)
        line.add("worker", worker.number)
        if worker.pid != 0 { line.add("pid", Int(worker.pid)) }
        fields(&line)
        writer.write(line.finish())
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1000 + Double(attoseconds / 10_000_000_000_000) / 100
    }
}

extension Logger.Level {
    /// The level of a worker's own logger.
    init(_ level: WireProtocol.LogLevel) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}
