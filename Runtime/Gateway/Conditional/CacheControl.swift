import WireProtocol

/// `Cache-Control` of an answer, as far as the gateway heeds it (RFC 9111, section 5.2.2).
struct CacheControl: Equatable {
    /// Nothing may keep the answer.
    var noStore = false
    /// Only the client may keep it. With field names or without: the names are not told apart.
    var isPrivate = false
    /// It must be asked for again each time. With field names or without.
    var noCache = false
    /// The body must be passed on as it is.
    var noTransform = false
    /// Seconds that it is fresh; the smallest where it is said more than once, 0 where it is no number.
    var maxAge: UInt32?
    /// The same for shared caches, before `maxAge`.
    var sharedMaxAge: UInt32?
    /// Whether the field could not be read to its end: something in it may have been meant to forbid.
    var isMalformed = false

    /// Whether a shared cache may keep the answer at all.
    var forbidsStoring: Bool { noStore || isPrivate || noCache || isMalformed }

    /// Reads all lines of the field; other directives are skipped (section 5.2.3).
    init(_ headers: HeaderList) {
        headers.forEach { name, value in
            if name.isText("cache-control") { read(value) }
        }
    }

    private mutating func read(_ value: UnsafeRawBufferPointer) {
        var scanner = DirectiveScanner(value)
        while let directive = scanner.next() { note(directive.name, directive.argument) }
        if scanner.isMalformed { isMalformed = true }
    }

    private mutating func note(_ name: UnsafeRawBufferPointer, _ argument: UnsafeRawBufferPointer?) {
        switch name.count {
        case 7:
            if name.isTextIgnoringCase("private") { isPrivate = true }
            if name.isTextIgnoringCase("max-age") { Self.lower(&maxAge, argument) }
        case 8:
            if name.isTextIgnoringCase("no-store") { noStore = true }
            if name.isTextIgnoringCase("no-cache") { noCache = true }
            if name.isTextIgnoringCase("s-maxage") { Self.lower(&sharedMaxAge, argument) }
        case 12:
            if name.isTextIgnoringCase("no-transform") { noTransform = true }
        default: break
        }
    }

    private static func lower(_ value: inout UInt32?, _ argument: UnsafeRawBufferPointer?) {
        value = min(value ?? .max, seconds(argument))
    }

    /// `delta-seconds` (section 1.2.2): at most 2^31, and 0 for what is no number.
    private static func seconds(_ text: UnsafeRawBufferPointer?) -> UInt32 {
        guard let text, !text.isEmpty else { return 0 }
        var value: UInt64 = 0
        for byte in text {
            guard (48...57).contains(byte) else { return 0 }
            value = min(value * 10 + UInt64(byte - 48), 1 << 31)
        }
        return UInt32(value)
    }
}
