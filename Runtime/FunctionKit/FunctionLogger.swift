/// Writes lines to the gateway's log, each with the function, the worker and the request that it belongs to.
///
/// What a handler prints ends up there too, without a level and without a request.
public struct FunctionLogger: Sendable {
    let output: LogOutput
    let stream: StreamID

    /// The least level that is written: `LOG_LEVEL` of the environment, `info` without it.
    public var level: LogLevel { output.level }

    /// For whoever looks for a fault.
    public func debug(
        _ message: @autoclosure () -> String, _ metadata: KeyValuePairs<String, String> = [:]
    ) {
        log(.debug, message(), metadata)
    }

    /// Something worth knowing happened.
    public func info(
        _ message: @autoclosure () -> String, _ metadata: KeyValuePairs<String, String> = [:]
    ) {
        log(.info, message(), metadata)
    }

    /// Something is not as it should be, and work goes on.
    public func warning(
        _ message: @autoclosure () -> String, _ metadata: KeyValuePairs<String, String> = [:]
    ) {
        log(.warning, message(), metadata)
    }

    /// Something failed.
    public func error(
        _ message: @autoclosure () -> String, _ metadata: KeyValuePairs<String, String> = [:]
    ) {
        log(.error, message(), metadata)
    }

    /// Writes a line of the level given, unless it is below `level`. A line over 256 KiB is cut.
    public func log(
        _ level: LogLevel, _ message: @autoclosure () -> String,
        _ metadata: KeyValuePairs<String, String> = [:]
    ) {
        guard level >= output.level else { return }
        let fields = metadata.map { LogFrame.Field($0.key, $0.value) }
        output.write(LogFrame(level: level, message: message(), metadata: fields), stream)
    }
}

/// Where lines of the log go.
final class LogOutput: Sendable {
    let level: LogLevel
    let write: @Sendable (LogFrame, StreamID) -> Void

    init(level: LogLevel, write: @escaping @Sendable (LogFrame, StreamID) -> Void) {
        self.level = level
        self.write = write
    }

    /// The level of that name, `info` for one that is not known.
    static func level(named name: String?) -> LogLevel {
        switch name?.lowercased() {
        case "trace", "debug": .debug
        case "warning", "warn": .warning
        case "error", "critical": .error
        default: .info
        }
    }
}
