import WireProtocol

extension RequestParser {
    /// Room in a request line beside the target: the method, the version, two spaces and the line end.
    private static let restOfRequestLine = 64

    /// Takes `METHOD SP target SP HTTP/d.d CRLF` (RFC 9112, section 3), and one empty line before it (section 2.2).
    mutating func takeRequestLine(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event? {
        guard offset < bytes.count else { return .needMore }
        let first = bytes[offset]
        guard ByteSet.token.contains(first) || (first == 0x0D && counts.blankLines == 0) else {
            return fail(.requestLine)
        }
        switch line(bytes, at: offset, limit: rules.targetBytes + RequestParser.restOfRequestLine) {
        case .partial: return .needMore
        case .tooLong: return fail(.targetTooLong)
        case .bare: return fail(.requestLine)
        case .whole(let range, let next):
            offset = next
            if range.isEmpty {
                counts.blankLines += 1
                return nil
            }
            if let failure = parseRequestLine(bytes.part(range)) { return fail(failure) }
            state = .fields
            return nil
        }
    }

    private mutating func parseRequestLine(_ line: UnsafeRawBufferPointer) -> ParseFailure? {
        counts = Counts()
        seen = Seen()
        head = RequestHead()
        var methodEnd = 0
        while methodEnd < line.count, ByteSet.token.contains(line[methodEnd]) { methodEnd += 1 }
        // Target and version take eleven bytes at least: " / HTTP/1.1".
        let targetEnd = line.count - 9
        guard methodEnd > 0, methodEnd + 1 < targetEnd, line[methodEnd] == 0x20, line[targetEnd] == 0x20
        else {
            return .requestLine
        }
        let version = line.part((targetEnd + 1)..<line.count)
        guard version.starts(with: "HTTP/"), (0x30...0x39).contains(version[5]), version[6] == 0x2E,
            (0x30...0x39).contains(version[7])
        else { return .requestLine }
        let target = line.part((methodEnd + 1)..<targetEnd)
        guard target.count <= rules.targetBytes else { return .targetTooLong }
        guard !target.contains(0x20) else { return .requestLine }
        guard version[5] == 0x31, version[7] <= 0x31 else { return .version }
        head.isVersion10 = version[7] == 0x30
        guard let method = RequestParser.method(line.part(0..<methodEnd)) else { return .method }
        head.method = method
        guard let parsed = RequestTarget(target, method: method) else { return .target }
        head.path = parsed.path
        head.query = parsed.query
        seen.authority = parsed.authority
        return nil
    }

    /// Method names are case-sensitive (RFC 9110, section 9.1).
    private static func method(_ name: UnsafeRawBufferPointer) -> Method? {
        switch name.count {
        case 3: name.equals("GET") ? .get : name.equals("PUT") ? .put : nil
        case 4: name.equals("POST") ? .post : name.equals("HEAD") ? .head : nil
        case 5: name.equals("PATCH") ? .patch : name.equals("TRACE") ? .trace : nil
        case 6: name.equals("DELETE") ? .delete : nil
        case 7: name.equals("OPTIONS") ? .options : name.equals("CONNECT") ? .connect : nil
        default: nil
        }
    }
}
