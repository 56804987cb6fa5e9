extension JSONWriter {
    /// Writes a moment as a string in the form `2025-11-21T04:48:00.123Z` (RFC 3339, UTC, milliseconds).
    ///
    /// - Parameter unixMilliseconds: milliseconds since 1970-01-01T00:00:00Z. Moments outside the years 0 to 9999
    ///   have no RFC 3339 form and are written as the nearest one that has.
    public mutating func timestamp(unixMilliseconds: Int64) {
        let bounded = min(max(unixMilliseconds, Timestamp.earliest), Timestamp.latest)
        separate()
        append(upTo: 26) { out in
            out[0] = UInt8(ascii: "\"")
            Timestamp.write(unixMilliseconds: bounded, to: out + 1)
            out[25] = UInt8(ascii: "\"")
            return 26
        }
        needsComma = true
    }
}
