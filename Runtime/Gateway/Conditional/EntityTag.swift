import WireProtocol

/// The entity tag of an answer (RFC 9110, section 8.8.3), and whether a client's names the same representation.
///
/// The gateway's own tags are strong: 128 bits over the bytes before compression, 22 characters of base64url in quotes,
/// the same in every process and on every machine. A compressed answer carries its tag with `-gzip` before the closing
/// quote; both name the same representation.
struct EntityTag {
    private static let alphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    private static let suffix: StaticString = "-gzip"

    /// Whether it is `W/"…"`.
    let isWeak: Bool
    /// What stands between the quotes.
    let opaque: UnsafeRawBufferPointer

    /// Reads a tag that is the whole of a field's value; nil where it is none.
    init?(_ value: UnsafeRawBufferPointer) {
        var scanner = EntityTagScanner(value)
        guard let tag = scanner.tag(), scanner.isAtEnd else { return nil }
        self = tag
    }

    init(isWeak: Bool, opaque: UnsafeRawBufferPointer) {
        self.isWeak = isWeak
        self.opaque = opaque
    }

    /// Whether a client's tag names this representation, compressed or not.
    ///
    /// - Parameter strongly: two weak ones are never the same then (section 8.8.3.2).
    func isNamed(by other: EntityTag, strongly: Bool) -> Bool {
        if strongly, isWeak || other.isWeak { return false }
        guard other.opaque.count >= opaque.count,
            opaque.isEmpty || other.opaque.part(0..<opaque.count).elementsEqual(opaque)
        else { return false }
        let rest = other.opaque.part(opaque.count..<other.opaque.count)
        return rest.isEmpty || rest.isText(Self.suffix)
    }

    /// Adds the strong `ETag` of a body.
    static func append(of body: [UInt8], to headers: inout HeaderList) {
        withValue(of: body) { _ = headers.append("etag", $0) }
    }

    /// Calls `use` with the tag of a body, quotes included.
    static func withValue<Result>(of body: [UInt8], _ use: (UnsafeRawBufferPointer) -> Result) -> Result {
        let hash = body.withUnsafeBytes { FoldedHash.hash128($0) }
        return withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            text[0] = UInt8(ascii: "\"")
            write(hash.0, text, at: 1)
            write(hash.1, text, at: 12)
            text[23] = UInt8(ascii: "\"")
            return use(UnsafeRawBufferPointer(text))
        }
    }

    /// 64 bits in 11 characters, the lowest first.
    private static func write(_ word: UInt64, _ text: UnsafeMutableRawBufferPointer, at start: Int) {
        let letters = alphabet.utf8Start
        for index in 0..<11 {
            text[start + index] = letters[Int(truncatingIfNeeded: word >> UInt64(index * 6) & 63)]
        }
    }

    /// The tag of the same answer compressed: `"x"` becomes `"x-gzip"`. What is no tag comes back as it is.
    static func compressed(_ value: UnsafeRawBufferPointer) -> [UInt8] {
        guard EntityTag(value) != nil else { return [UInt8](value) }
        var tag: [UInt8] = []
        tag.reserveCapacity(value.count + suffix.utf8CodeUnitCount)
        tag.append(contentsOf: value.dropLast())
        tag.append(
            contentsOf: UnsafeRawBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount))
        tag.append(UInt8(ascii: "\""))
        return tag
    }

    /// The fields with the tags of their conditions as the handler knows them, without the `-gzip` that compressed answers
    /// carry.
    static func uncompressed(in headers: HeaderList) -> HeaderList {
        var seen = HeaderList()
        seen.reserve(headers.packed.count)
        headers.forEach { name, value in
            if name.isText("if-match") || name.isText("if-none-match") {
                uncompressed(value).withUnsafeBytes { _ = seen.append(name: name, value: $0) }
            } else {
                seen.append(name: name, value: value)
            }
        }
        return seen
    }

    /// A list of tags without the suffix of those that have it.
    private static func uncompressed(_ tags: UnsafeRawBufferPointer) -> [UInt8] {
        let length = suffix.utf8CodeUnitCount
        var list: [UInt8] = []
        list.reserveCapacity(tags.count)
        var position = 0
        while position < tags.count {
            let end = position + length
            if end < tags.count, tags[end] == UInt8(ascii: "\""), tags.part(position..<end).isText(suffix) {
                position = end
            }
            list.append(tags[position])
            position += 1
        }
        return list
    }

    /// The fields with their tag as that of the same answer compressed.
    static func compressed(in headers: HeaderList) -> HeaderList {
        guard headers.contains("etag") else { return headers }
        var marked = HeaderList()
        marked.reserve(headers.packed.count + 192)
        headers.forEach { name, value in
            if name.isText("etag") {
                marked.append("etag", bytes: compressed(value))
            } else {
                marked.append(name: name, value: value)
            }
        }
        return marked
    }
}
