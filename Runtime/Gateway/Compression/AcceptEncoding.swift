import WireProtocol

/// Whether a client takes gzip and does not rather have the body as it is (RFC 9110, section 12.5.3).
///
/// Without the field, and with one that is malformed anywhere, it is sent nothing it did not ask for.
enum AcceptEncoding {
    /// Qualities in thousandths; nil: not named. Of two the lower counts.
    private struct Qualities {
        var gzip: Int?
        var alias: Int?
        var identity: Int?
        var others: Int?
    }

    /// Whether gzip is accepted, with a quality no lower than that named for `identity`.
    static func takesGzip(_ headers: HeaderList) -> Bool {
        var found = Qualities()
        var isWellFormed = true
        ListElements.forEach("accept-encoding", in: headers) { element in
            isWellFormed = note(element, &found)
            return isWellFormed
        }
        // `x-gzip` is another name for gzip (section 8.4.1.3).
        guard isWellFormed, let quality = found.gzip ?? found.alias ?? found.others, quality > 0 else { return false }
        return quality >= found.identity ?? 0
    }

    private static func note(_ element: UnsafeRawBufferPointer, _ found: inout Qualities) -> Bool {
        var end = 0
        while end < element.count, element[end] != UInt8(ascii: ";") { end += 1 }
        let coding = ListElements.trimmed(element.part(0..<end))
        guard isToken(coding) else { return false }
        var quality = 1000
        if end < element.count {
            let weight = ListElements.trimmed(element.part(end + 1..<element.count))
            guard weight.count > 2, weight[0].lowered == UInt8(ascii: "q"), weight[1] == UInt8(ascii: "="),
                let value = QualityValue.thousandths(weight.part(2..<weight.count))
            else { return false }
            quality = value
        }
        if coding.isTextIgnoringCase("gzip") {
            found.gzip = min(quality, found.gzip ?? quality)
        } else if coding.isTextIgnoringCase("x-gzip") {
            found.alias = min(quality, found.alias ?? quality)
        } else if coding.isTextIgnoringCase("identity") {
            found.identity = min(quality, found.identity ?? quality)
        } else if coding.isText("*") {
            found.others = min(quality, found.others ?? quality)
        }
        return true
    }

    private static func isToken(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count > 0 else { return false }
        return text.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            case 33, 35, 36, 37, 38, 39, 42, 43, 45, 46, 94, 95, 96, 124, 126: true
            default: false
            }
        }
    }
}
