/// Watches CSV for a line that is just `\.` and not in quotes: servers before version 18 take it for the end of the COPY,
/// and pass over all behind it without a word.
struct CSVLines: Sendable {
    /// Where in its line the next byte stands.
    private enum Place {
        case start
        case behindBackslash
        case behindPoint
        case within
    }

    private var place = Place.start
    private var isQuoted = false

    /// Reads on, from wherever the bytes before ended; whether such a line was among them.
    mutating func hasEnd(in bytes: ArraySlice<UInt8>, quote: UInt8) -> Bool {
        for byte in bytes {
            if byte == quote {
                // A doubled quote is two ends, which comes to the same.
                isQuoted.toggle()
                place = .within
            } else if isQuoted {
                continue
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if place == .behindPoint { return true }
                place = .start
            } else if place == .start, byte == UInt8(ascii: "\\") {
                place = .behindBackslash
            } else if place == .behindBackslash, byte == UInt8(ascii: ".") {
                place = .behindPoint
            } else {
                place = .within
            }
        }
        return false
    }
}
