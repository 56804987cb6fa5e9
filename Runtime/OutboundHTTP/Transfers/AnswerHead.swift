/// Reads the head of an answer, line by line as libcurl cuts it (RFC 9112, sections 4 to 6), and refuses what has two
/// meanings. What comes behind the final head (trailers) is passed over.
struct AnswerHead: Equatable {
    /// What a line was.
    enum Step: Equatable {
        case more
        /// The end of the final head.
        case complete
        case malformed
        case tooLarge
    }

    /// How many bytes the heads of an answer may have, those of interim answers and trailers included.
    static let limit = 64 << 10

    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    private(set) var isComplete = false
    /// The body's length where the head has one.
    private(set) var length: Int?
    private var bytes = 0
    private var hasLine = false

    init() {}

    mutating func read(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        bytes += line.count
        guard bytes <= Self.limit else { return .tooLarge }
        if isComplete { return .more }
        var end = line.count
        if end > 0, line[end - 1] == 0x0A { end -= 1 }
        if end > 0, line[end - 1] == 0x0D { end -= 1 }
        let content = UnsafeBufferPointer(rebasing: line[..<end])
        if end == 0 { return hasLine ? finish() : .malformed }
        guard content.allSatisfy(HTTPHeaders.isValueByte) else { return .malformed }
        if !hasLine { return readStatus(content) ? .more : .malformed }
        return readField(content) ? .more : .malformed
    }

    /// `HTTP/1.1 200 OK`; libcurl writes one for HTTP/2 too.
    private mutating func readStatus(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard line.starts(with: "HTTP/".utf8), let space = line.firstIndex(of: 0x20), line.count >= space + 4,
            line.count == space + 4 || line[space + 4] == 0x20
        else { return false }
        var code = 0
        for digit in line[(space + 1)..<(space + 4)] {
            guard (0x30...0x39).contains(digit) else { return false }
            code = code * 10 + Int(digit - 0x30)
        }
        guard (100...599).contains(code) else { return false }
        status = code
        headers = HTTPHeaders()
        hasLine = true
        return true
    }

    private mutating func readField(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        if line[0] == 0x20 || line[0] == 0x09 { return headers.unfold(Self.trimmed(line[...])) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(HTTPHeaders.isTokenByte)
        else { return false }
        headers.append(String(decoding: line[..<colon], as: UTF8.self), Self.trimmed(line[(colon + 1)...]))
        return true
    }

    private mutating func finish() -> Step {
        if status < 200 {
            // An interim answer. Another protocol was not asked for.
            hasLine = false
            return status == 101 ? .malformed : .more
        }
        let lengths = headers.values(of: "content-length")
        if let first = lengths.first {
            guard lengths.allSatisfy({ $0 == first }), !first.isEmpty,
                first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(first),
                headers["transfer-encoding"] == nil
            else { return .malformed }
            length = value
        }
        isComplete = true
        return .complete
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
