import Gateway
import Logging
import Telemetry
import WireProtocol

/// The request log (contract 3.10): one line a request, and one for what was refused or failed inside.
final class RequestLog: RequestObserver {
    private let writer: LogWriter
    private let style: LogStyle
    private let level: Logger.Level
    private let refusals: RefusalCounts

    /// A log that writes lines of at least the gateway's level, and counts what is refused whatever the level.
    init(_ log: GatewayLogging, refusals: RefusalCounts = RefusalCounts()) {
        self.refusals = refusals
        writer = log.writer
        style = log.style
        level = log.level
    }

    /// Request lines are of level info; `log.level` above it turns them off as `log.requests: none` does.
    func finished(_ record: borrowing AccessRecord) {
        guard level <= .info else { return }
        let url = String(decoding: record.url, as: UTF8.self)
        let milliseconds = (Double(record.nanoseconds) / 10_000).rounded() / 100
        let method = record.method.description
        guard style == .json else {
            let text = "\(method) \(url) \(record.status.code) \(milliseconds) ms - \(record.bytes)"
            writer.write(LogLine(.text, level: .info, message: text).finish())
            return
        }
        var line = LogLine(.json, level: .info, message: "request")
        line.add("requestId", record.requestID.description)
        line.add("traceId", record.trace.traceID)
        line.add("method", method)
        line.add("url", url)
        line.add("route", record.route)
        line.add("status", Int(record.status.code))
        line.add("durationMs", milliseconds)
        line.add("userId", record.userID ?? "anonymous")
        if let function = record.function { line.add("function", function) }
        if let worker = record.worker {
            line.add("worker", worker.number)
            line.add("coldStart", worker.coldStart)
        }
        line.add("bytes", record.bytes)
        line.add("client", record.client)
        writer.write(line.finish())
    }

    func failed(_ error: APIError, requestID: RequestID, function: String?) {
        var line = LogLine(style, level: .error, message: "request failed")
        line.add("requestId", requestID.description)
        if let function { line.add("function", function) }
        line.add("code", error.code)
        line.add("reason", error.cause ?? error.message)
        writer.write(line.finish())
    }

    func refused(_ failure: ParseFailure, requestID: RequestID, client: String) {
        refusals.add(failure.rawValue)
        guard level <= .info else { return }
        var line = LogLine(style, level: .info, message: "request refused")
        line.add("requestId", requestID.description)
        line.add("reason", failure.rawValue)
        line.add("status", Int(failure.status.code))
        line.add("client", client)
        writer.write(line.finish())
    }

    func denied(_ reason: String, requestID: RequestID, function: String?, client: String) {
        refusals.add(reason)
        guard level <= .info else { return }
        var line = LogLine(style, level: .info, message: "request denied")
        line.add("requestId", requestID.description)
        if let function { line.add("function", function) }
        line.add("reason", reason)
        line.add("client", client)
        writer.write(line.finish())
    }
}
