/// Durations in the manifest's own writing, for commands that take one.
public enum DurationText {
    /// `500ms`, `10s`, `15m` or `24h`; nil for anything else and for more than a year.
    public static func parse(_ text: String) -> Duration? { try? Amount.duration(text) }
}
