import WireProtocol

/// Whether a client prefers one JSON form of an error to the other (RFC 9110, section 12.5.1; RFC 9457).
enum AcceptHeader {
    /// A media type's quality in thousandths and how exactly the range that gave it names the type.
    private struct Preference {
        var quality = 0
        var precision = 0

        mutating func note(_ quality: Int, precision: Int) {
            guard precision >= self.precision else { return }
            // Of two ranges that are equally exact the kinder one counts.
            self.quality = precision == self.precision ? max(quality, self.quality) : quality
            self.precision = precision
        }
    }

    /// Whether `application/problem+json` has a higher quality than `application/json`.
    static func prefersProblem(_ headers: HeaderList) -> Bool {
        guard headers.contains("accept") else { return false }
        var json = Preference()
        var problem = Preference()
        headers.forEach { name, value in
            guard name.isText("accept") else { return }
            forEachPart(value, separator: UInt8(ascii: ",")) { range in
                var type = UnsafeRawBufferPointer(start: nil, count: 0)
                var quality: Int? = 1000
                var isFirst = true
                forEachPart(range, separator: UInt8(ascii: ";")) { part in
                    if isFirst {
                        type = part
                    } else if part.count >= 2, part[0].lowered == UInt8(ascii: "q"),
                        part[1] == UInt8(ascii: "=")
                    {
                        quality = QualityValue.thousandths(part.part(2..<part.count))
                    }
                    isFirst = false
                }
                // A range whose quality cannot be read says nothing.
                guard let quality else { return }
                if type.isText("*/*") {
                    json.note(quality, precision: 1)
                    problem.note(quality, precision: 1)
                } else if type.isTextIgnoringCase("application/*") {
                    json.note(quality, precision: 2)
                    problem.note(quality, precision: 2)
                } else if type.isTextIgnoringCase("application/json") {
                    json.note(quality, precision: 3)
                } else if type.isTextIgnoringCase("application/problem+json") {
                    problem.note(quality, precision: 3)
                }
            }
        }
        return problem.quality > json.quality
    }

    /// Calls `body` with each part outside quotes, spaces around it taken off.
    private static func forEachPart(
        _ bytes: UnsafeRawBufferPointer, separator: UInt8, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var start = 0
        var isQuoted = false
        for index in 0...bytes.count {
            if index < bytes.count {
                if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
                if isQuoted || bytes[index] != separator { continue }
            }
            var first = start
            var last = index
            while first < last, isSpace(bytes[first]) { first += 1 }
            while last > first, isSpace(bytes[last - 1]) { last -= 1 }
            body(bytes.part(first..<last))
            start = index + 1
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
