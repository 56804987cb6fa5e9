import Logging
import Manifests
import Telemetry

/// Where everything that the gateway logs goes: one writer, one style, one level.
struct GatewayLogging: Sendable {
    let writer: LogWriter
    let style: LogStyle
    let level: Logger.Level

    /// Logs to standard error: text on a terminal, JSON otherwise.
    init(_ settings: LogSettings) {
        let style = LogStyle.fitting(descriptor: 2)
        self.style = style
        level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        writer = LogWriter { dropped in
            var line = LogLine(style, level: .warning, message: "log lines dropped")
            line.add("dropped", dropped)
            return line.finish()
        }
    }

    /// A logger with this label's lines.
    func logger(_ label: String) -> Logger {
        Logger(label: label) { _ in StructuredLogHandler(writer: writer, style: style, level: level) }
    }
}
