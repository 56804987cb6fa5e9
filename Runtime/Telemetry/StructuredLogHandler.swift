import Logging

/// The backend of swift-log: lines of `LogLine`, written by one `LogWriter`.
public struct StructuredLogHandler: LogHandler {
    /// Metadata on every line.
    public var metadata: Logger.Metadata = [:]
    /// The least level that is written.
    public var logLevel: Logger.Level
    private let writer: LogWriter
    private let style: LogStyle

    /// A handler that writes by `writer`.
    public init(writer: LogWriter, style: LogStyle, level: Logger.Level) {
        self.writer = writer
        self.style = style
        logLevel = level
    }

    /// One item of the metadata that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line; the error's own words are a field of it.
    public func log(event: LogEvent) {
        var line = LogLine(style, level: event.level, message: event.message.description)
        if let error = event.error { line.add("error", "\(error)") }
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: {
            $0.key < $1.key
        }) {
            line.add(dynamic: key, value.description)
        }
        writer.write(line.finish())
    }
}
