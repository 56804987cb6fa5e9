/// `log`: what is logged.
public struct LogSettings: Sendable, Equatable {
    /// The lowest level that is written; default `info`.
    public var level: LogLevel = .info
    /// Which requests get a line; default all.
    public var requests: RequestLogging = .all
    /// Query parameters whose values are never logged; default token, access_token, api_key, password.
    public var redact: [String] = ["token", "access_token", "api_key", "password"]

    /// Makes the default settings.
    public init() {}
}
