import WireProtocol

/// Where the request's fields lie that the gateway itself reads, found in one pass over the packed list.
struct HeaderIndex {
    /// A value's bytes in the packed list.
    private(set) var requestID: Range<Int>?
    private(set) var traceparent: Range<Int>?
    private(set) var version: Range<Int>?
    private(set) var hasTraceState = false
    /// A doubled one is no valid one (W3C Trace Context, section 3.2).
    private(set) var traceparentIsDoubled = false
    private(set) var versionIsDoubled = false
    /// Which of the fields are there that a convention looks at.
    private(set) var present: FieldSet = []

    /// Whether a field is there that the worker gets by the invocation's own members instead.
    var hasIdentity: Bool { requestID != nil || traceparent != nil || hasTraceState }

    init(_ headers: HeaderList, versionHeader: [UInt8]) {
        headers.packed.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 4 <= bytes.count {
                let nameLength = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
                let valueLength = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
                let start = offset + 4 + nameLength
                let name = bytes.part(offset + 4..<start)
                offset = start + valueLength
                note(name, start..<offset, versionHeader)
            }
        }
    }

    @inline(__always)
    private mutating func note(_ name: UnsafeRawBufferPointer, _ value: Range<Int>, _ versionHeader: [UInt8]) {
        switch name.count {
        case 5 where name.isText("range"): present.insert(.conditions)
        case 6 where name.isText("origin"): present.insert(.origin)
        case 8 where name.isText("if-match") || name.isText("if-range"): present.insert(.conditions)
        case 9 where name.isText("forwarded"): present.insert(.forwarding)
        case 10 where name.isText("tracestate"): hasTraceState = true
        case 11 where name.isText("traceparent"):
            traceparentIsDoubled = traceparent != nil
            traceparent = value
        case 12 where name.isText("x-request-id"):
            if requestID == nil { requestID = value }
        case 13 where name.isText("if-none-match"): present.insert(.conditions)
        case 15:
            if name.isText("accept-encoding") { present.insert(.acceptEncoding) }
            if name.isText("x-forwarded-for") { present.insert(.forwarding) }
        case 16:
            if name.isText("content-encoding") { present.insert(.contentEncoding) }
            if name.isText("x-no-compression") { present.insert(.noCompression) }
        case 17 where name.isText("if-modified-since"): present.insert(.conditions)
        case 19 where name.isText("if-unmodified-since"): present.insert(.conditions)
        default: break
        }
        // Apart from the others: the manifest may choose any name.
        if name.isBytes(versionHeader) {
            versionIsDoubled = version != nil
            version = value
        }
    }
}
