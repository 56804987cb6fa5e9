import FoundationEssentials

extension Date: PostgresBindable {
    /// `timestamp with time zone`.
    public static var postgresType: PostgresType { .timestamptz }

    /// Writes microseconds since 2000-01-01T00:00:00Z; a moment that PostgreSQL does not know (before 4714 BC or
    /// after 294276) makes the query throw with SQLSTATE 22008.
    public func write(to parameter: inout PostgresParameter) {
        let microseconds = ((timeIntervalSinceReferenceDate + Self.secondsFrom2000To2001) * 1_000_000)
            .rounded()
        guard microseconds > -211_813_488_000_000_000, microseconds < 9_223_371_331_200_000_000,
            let whole = Int64(exactly: microseconds)
        else {
            parameter.refuse("The date is outside what PostgreSQL can store", "22008")
            return
        }
        parameter.append(bigEndian: whole)
    }

    private static let secondsFrom2000To2001 = 366.0 * 86_400

    init(microsecondsSince1970 microseconds: Int64) {
        let since2001 = microseconds - 978_307_200_000_000
        self.init(timeIntervalSinceReferenceDate: Double(since2001) / 1_000_000)
    }
}
